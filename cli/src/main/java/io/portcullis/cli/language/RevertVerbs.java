package io.portcullis.cli.language;

import io.portcullis.core.config.Change;
import io.portcullis.core.config.ConfigError;
import io.portcullis.core.config.ConfigObject;
import io.portcullis.core.config.Configuration;
import io.portcullis.core.config.ObjectKey;
import java.util.List;
import java.util.Optional;

/** The verbs that take changes back. */
final class RevertVerbs {
    private RevertVerbs() {}

    /** Takes the changes of one object back, deletion included. */
    static final class RejectVerb implements Verb {
        @Override
        public String name() {
            return "reject";
        }

        @Override
        public String usage() {
            return "reject [-all [-force]] | reject [CATEGORY] TYPE NAME";
        }

        @Override
        public String help() {
            return "Takes the changes of one object back, or all changes since the last commit; -force also those of"
                    + " another administrator.";
        }

        @Override
        public List<String> flags() {
            return List.of("all", "force");
        }

        @Override
        public void run(Arguments arguments, Work work) {
            if (arguments.names().isEmpty() || arguments.has("all")) {
                work.rejectAll(arguments.has("force"));
                work.go(Place.TOP);
                work.confirm("All changes are taken back\n");
                return;
            }
            restore(arguments.target(work, usage()), work, true);
        }
    }

    /** Brings a deleted object back. */
    static final class UndeleteVerb implements Verb {
        @Override
        public String name() {
            return "undelete";
        }

        @Override
        public String usage() {
            return "undelete [CATEGORY] TYPE NAME";
        }

        @Override
        public String help() {
            return "Brings back an object that was deleted since the last commit, with what was in it.";
        }

        @Override
        public void run(Arguments arguments, Work work) {
            restore(arguments.target(work, usage()), work, false);
        }
    }

    private static void restore(Arguments.Target target, Work work, boolean changesToo) {
        Configuration active = work.active();
        Configuration candidate = work.candidate();
        String id = target.id().orElse("");
        Optional<ConfigObject<?>> now = Arguments.find(candidate, work.place().object(), target.schema(), id);
        Optional<ConfigObject<?>> was = now.isPresent()
                ? active.byId(now.get().id())
                : Arguments.find(active, work.place().object(), target.schema(), id);
        ObjectKey key = ObjectKey.of(target.schema().type(), id);
        boolean changed = Change.between(active, candidate).stream()
                .anyMatch(change -> change.after()
                        .or(change::before)
                        .map(ConfigObject::id)
                        .equals(now.or(() -> was).map(ConfigObject::id)));
        if (!changed || (now.isPresent() && !changesToo)) {
            throw new ConfigError(key + (changesToo ? " has no changes" : " was not deleted"));
        }
        work.change(candidate.revert(now.or(() -> was).orElseThrow().id(), active));
        work.confirm((now.isEmpty() ? "Brought back " : "Took back the changes of ") + key + "\n");
    }
}
