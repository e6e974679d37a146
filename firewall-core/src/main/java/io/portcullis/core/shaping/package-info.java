/**
 * Traffic shaping: pipes that let packets through at limited rates, the more important ones first. A connection is put
 * into chains of pipes when it is opened ({@link io.portcullis.core.shaping.PipeRules}); each pipe belongs to one
 * worker, which keeps the packets that wait and lets them go in time ({@link io.portcullis.core.shaping.Shaper}).
 */
@org.jspecify.annotations.NullMarked
package io.portcullis.core.shaping;
