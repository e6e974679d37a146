package io.portcullis.test.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows of docs/architecture.md, and what nobody below the edges may reach for. */
@AnalyzeClasses(packages = "io.portcullis", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    /** Where the product meets the machine: the program, its consoles, the system clock, Linux devices. */
    private static final String[] EDGES = {
        "io.portcullis.cli..", "io.portcullis.webui..", "io.portcullis.test..", "io.portcullis.core.port.linux.."
    };

    @ArchTest
    static final ArchRule nothingPointsUp = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("io.portcullis..")
            .layer("core")
            .definedBy("io.portcullis.core..")
            .layer("rules")
            .definedBy("io.portcullis.rules..")
            .layer("auth")
            .definedBy("io.portcullis.auth..")
            .layer("pool")
            .definedBy("io.portcullis.pool..")
            .layer("ipsec")
            .definedBy("io.portcullis.ipsec..")
            .layer("hostmon")
            .definedBy("io.portcullis.hostmon..")
            .layer("consoles")
            .definedBy("io.portcullis.cli..", "io.portcullis.webui..")
            .optionalLayer("test")
            .definedBy("io.portcullis.test..")
            .withOptionalLayers(true)
            .whereLayer("test")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("consoles")
            .mayOnlyBeAccessedByLayers("test")
            .whereLayer("ipsec")
            .mayOnlyBeAccessedByLayers("consoles", "test")
            .whereLayer("rules")
            .mayOnlyBeAccessedByLayers("consoles", "test")
            .whereLayer("hostmon")
            .mayOnlyBeAccessedByLayers("consoles", "test")
            .whereLayer("auth")
            .mayOnlyBeAccessedByLayers("ipsec", "consoles", "test")
            .whereLayer("pool")
            .mayOnlyBeAccessedByLayers("ipsec", "consoles", "test");

    @ArchTest
    static final ArchRule timeComesFromAClock = noClasses()
            .that()
            .resideOutsideOfPackages(EDGES)
            .and()
            .doNotHaveSimpleName("SystemClock")
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(java.time.LocalDateTime.class, "now")
            .because("everything below the edges takes time from a Clock or as an argument");

    @ArchTest
    static final ArchRule nobodySleeps = noClasses()
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(Thread.class, "sleep", java.time.Duration.class)
            .allowEmptyShould(true)
            .because("what waits waits for something");

    @ArchTest
    static final ArchRule randomnessIsHandedIn = noClasses()
            .that()
            .resideOutsideOfPackages(EDGES)
            .should()
            .callConstructor(java.security.SecureRandom.class)
            .orShould()
            .callMethod(java.util.concurrent.ThreadLocalRandom.class, "current")
            .orShould()
            .callMethod(Math.class, "random")
            .because("a test chooses the numbers");

    @ArchTest
    static final ArchRule socketsAreTheEdgesBusiness = noClasses()
            .that()
            .resideOutsideOfPackages(EDGES)
            .should()
            .dependOnClassesThat()
            .haveNameMatching(
                    "java\\.(net|nio\\.channels)\\.(Datagram|Server)?(Socket|DatagramChannel|SocketChannel).*");

    /** JMH makes subclasses of benchmarks, and keeps what their threads share in static fields. */
    private static final String BENCHMARKS = "io.portcullis.test.bench.micro..";

    /** Bouncy Castle takes twenty times as long, and the JDK has every cipher of ESP. */
    @ArchTest
    static final ArchRule bouncyCastleServesNoEsp = noClasses()
            .that()
            .resideInAnyPackage("io.portcullis.ipsec.crypto..", "io.portcullis.ipsec.esp..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bouncycastle..")
            .orShould()
            .callMethod(javax.crypto.Cipher.class, "getInstance", String.class)
            .orShould()
            .callMethod(javax.crypto.Mac.class, "getInstance", String.class)
            .because("without a provider's name whoever registers first would serve");

    @ArchTest
    static final ArchRule noMutableStaticState = fields().that()
            .areStatic()
            .and()
            .areDeclaredInClassesThat(resideOutsideOfPackage(BENCHMARKS))
            .and()
            .areDeclaredInClassesThat(new DescribedPredicate<>("are ours") {
                @Override
                public boolean test(JavaClass type) {
                    return !type.isAnonymousClass();
                }
            })
            .should()
            .haveModifier(JavaModifier.FINAL);

    @ArchTest
    static final ArchRule namesSayWhatLivesThere =
            noClasses().should().resideInAnyPackage("..util..", "..common..", "..helper..", "..manager..", "..impl..");

    @ArchTest
    static final ArchRule publicClassesAreFinalSealedOrAbstract = classes()
            .that()
            .resideOutsideOfPackage(BENCHMARKS)
            .and()
            .arePublic()
            .and()
            .areTopLevelClasses()
            .and()
            .areNotInterfaces()
            .and()
            .areNotEnums()
            .and()
            .areNotAnnotations()
            .should()
            .haveModifier(JavaModifier.FINAL)
            .orShould()
            .haveModifier(JavaModifier.ABSTRACT);
}
