package io.portcullis.cli.operation;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * What the process takes of the machine.
 *
 * @param cpuLoad share of all processors that it used lately, from 0 to 1; negative when that is not known
 * @param processors how many there are for it
 * @param heapUsed octets of heap in use, garbage included
 * @param heapMax octets of heap that it may use
 */
public record ProcessUse(double cpuLoad, int processors, long heapUsed, long heapMax) {
    /** This process, now. */
    public static ProcessUse now() {
        Runtime runtime = Runtime.getRuntime();
        double load =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuLoad();
        return new ProcessUse(
                load, runtime.availableProcessors(), runtime.totalMemory() - runtime.freeMemory(), runtime.maxMemory());
    }
}
