# A router whose kernel does IPsec.
for module in xfrm_user esp4 esp6; do /run/modprobe $module; done
# An SA of each kind loads what its algorithms need now and not while somebody waits for a tunnel.
state="ip xfrm state add src 192.0.2.1 dst 192.0.2.2 proto esp mode tunnel"
key16=0x00000000000000000000000000000000
$state spi 1 aead 'rfc4106(gcm(aes))' ${key16}00000000 128
$state spi 2 auth-trunc 'hmac(sha256)' $key16${key16#0x} 128 enc 'cbc(aes)' $key16${key16#0x}
ip xfrm state flush
ip addr add @WAN@ dev vec0
ip addr add @LAN@ dev vec1
ip route add default via @ROUTER@
sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.vec0.rp_filter=0 net.ipv4.conf.vec1.rp_filter=0
