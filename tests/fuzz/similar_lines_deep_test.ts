import { fuzz } from "./_cases.ts";
import { checkChunks, checkUpdates } from "./_similar_cases.ts";

// Two hundred thousand streams, where the tests are run at length.
const MANY = { share: 10 };

fuzz("many chunks that are alike are read as others are", checkChunks, MANY);
fuzz("many lines of chat-ui are read as others are", checkUpdates, MANY);
