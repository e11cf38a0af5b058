// The contract, which is all of `tests/contract/` but what needs raw sockets.
import "../contract/attempts_test.ts";
import "../contract/bounds_test.ts";
import "../contract/chunk_law_test.ts";
import "../contract/clocks_test.ts";
import "../contract/closed_door_test.ts";
import "../contract/foreign_urls_test.ts";
import "../contract/forms_test.ts";
import "../contract/last_events_test.ts";
import "../contract/lazy_test.ts";
import "../contract/leftovers_test.ts";
import "../contract/one_end_test.ts";
import "../contract/secrets_test.ts";
import "../contract/state_test.ts";
