/** The generator sends what a benchmark asks for. */
package io.portcullis.test.bench.generator;
