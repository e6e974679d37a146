package io.portcullis.cli.language;

import io.portcullis.core.config.ObjectType;
import io.portcullis.core.iface.EthernetConfiguration;
import io.portcullis.hostmon.MonitoredHost;
import io.portcullis.ipsec.tunnel.IpsecTunnel;
import io.portcullis.rules.policy.IpPolicy;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Every record of the product that declares an object type, found in the compiled classes of the modules. */
final class DeclaredTypes {
    private DeclaredTypes() {}

    static List<Class<? extends Record>> all() {
        List<Class<? extends Record>> found = new ArrayList<>();
        for (Class<?> ofModule :
                List.of(EthernetConfiguration.class, IpPolicy.class, MonitoredHost.class, IpsecTunnel.class)) {
            try {
                URI place = ofModule.getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI();
                if (Files.isDirectory(Path.of(place))) {
                    collect(Path.of(place), found);
                } else {
                    try (FileSystem jar = FileSystems.newFileSystem(URI.create("jar:" + place), Map.of())) {
                        collect(jar.getPath("/"), found);
                    }
                }
            } catch (IOException | URISyntaxException e) {
                throw new IllegalStateException(e);
            }
        }
        return found;
    }

    private static void collect(Path root, List<Class<? extends Record>> into) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(file -> file.toString().endsWith(".class"))
                    .map(file -> root.relativize(file).toString().replace('/', '.'))
                    .filter(name -> name.startsWith("io.portcullis."))
                    .map(name -> load(name.substring(0, name.length() - ".class".length())))
                    .filter(type -> type.isAnnotationPresent(ObjectType.class))
                    .forEach(type -> into.add(type.asSubclass(Record.class)));
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, DeclaredTypes.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
