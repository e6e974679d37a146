/** Security associations as IKE and the data plane exchange them: keys, limits, selectors, events. */
@org.jspecify.annotations.NullMarked
package io.portcullis.ipsec.sa;
