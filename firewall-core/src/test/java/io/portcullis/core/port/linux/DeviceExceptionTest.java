package io.portcullis.core.port.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.portcullis.core.port.IoMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DeviceExceptionTest {
    @Test
    void saysWhatFailedAndTheWayOut() {
        assertEquals("f9: look up: ENODEV (no such device)", new DeviceException("f9: look up", 19).getMessage());
        assertEquals("f9: look up: errno 777", new DeviceException("f9: look up", 777).getMessage());
        assertEquals(
                "f9: socket(AF_PACKET): EPERM (operation not permitted): needs CAP_NET_RAW and CAP_NET_ADMIN,"
                        + " start with sudo",
                new DeviceException("f9: socket(AF_PACKET)", 1).getMessage());
        assertEquals(Errno.EPERM, new DeviceException("", 1).errno());
    }

    @Test
    void anOrdinaryUserIsToldSo() {
        assumeFalse("root".equals(System.getProperty("user.name")), "run as root");
        DeviceException e = assertThrows(DeviceException.class, () -> LinuxPorts.open("lo", 0, IoMethod.AUTO, 1));
        assertTrue(e.getMessage().contains("EPERM") && e.getMessage().contains("sudo"), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "a b", "a:b", "sixteen-letters-", "\u00e4"})
    void whatIsNoNameIsRefused(String name) {
        assertThrows(DeviceException.class, () -> LinkControl.checkName(name));
    }
}
