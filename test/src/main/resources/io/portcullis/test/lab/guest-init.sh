#!/bin/sh
# First process of a guest: what every guest needs, then its own setup; then one command line at a time from the console.
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs tmpfs /run
# The host's file system has no modules of this kernel under /lib: what the kernel asks for is found through this.
printf '#!/bin/sh\nexec /sbin/modprobe -d @FOLDER@ "$@"\n' >/run/modprobe
chmod +x /run/modprobe
echo /run/modprobe >/proc/sys/kernel/modprobe
ip link set lo up
ip link set vec0 up
ip link set vec1 up
. @FOLDER@/setup
echo "@@ready"
while read -r line; do
    eval "$line"
    echo "@@status $?"
done
poweroff -f
