/** Completion of command lines, from the declarations of object types, verbs and commands. */
@org.jspecify.annotations.NullMarked
package io.portcullis.cli.completion;
