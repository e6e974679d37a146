package io.portcullis.cli.language;

import io.portcullis.core.config.ConfigError;
import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.config.Configuration;

/** Goes into an object, or out again. */
final class ContextVerb implements Verb {
    @Override
    public String name() {
        return "cc";
    }

    @Override
    public String usage() {
        return "cc [[CATEGORY] TYPE NAME | ..]";
    }

    @Override
    public String help() {
        return "Goes into an object, so that commands apply to what is in it; cc .. goes one step out, cc to the top.";
    }

    @Override
    public void run(Arguments arguments, Work work) {
        Configuration candidate = work.candidate();
        if (!arguments.properties().isEmpty()) {
            throw new ConfigError("cc takes no properties; usage: " + usage());
        }
        if (arguments.names().isEmpty()) {
            work.go(Place.TOP);
        } else if (arguments.names().size() == 1 && arguments.names().getFirst().equals("..")) {
            work.go(work.place().outer(candidate));
        } else {
            Arguments.Target target = arguments.target(work, usage());
            ConfigObject<?> object = Arguments.existing(candidate, work.place(), target);
            if (candidate.types().childrenOf(object.schema()).isEmpty()) {
                throw new ConfigError(object.schema().type() + " objects contain no others");
            }
            work.go(new Place(object.id()));
        }
    }
}
