/**
 * What crosses modules: the namespaces lab, real peers, benchmarks and the architecture's rules.
 */
@org.jspecify.annotations.NullMarked
package io.portcullis.test;
