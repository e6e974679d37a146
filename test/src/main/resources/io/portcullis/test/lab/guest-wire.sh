# A wire: what comes in by one device leaves by the other, once the queueing discipline lets it.
for module in sch_ingress cls_matchall act_mirred sch_netem; do /run/modprobe $module || echo "no $module"; done
redirect() {
    tc qdisc add dev $1 ingress
    tc filter add dev $1 parent ffff: matchall action mirred egress redirect dev $2
    tc qdisc add dev $2 root netem limit 10000 @NETEM@
}
redirect vec0 vec1
redirect vec1 vec0
