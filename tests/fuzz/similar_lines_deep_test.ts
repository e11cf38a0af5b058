import { fuzz } from "./_cases.ts";
import { checkChunks, checkUpdates } from "./_similar_cases.ts";

// A million streams, where the tests are run at length.
const MANY = { share: 50 };

fuzz("many chunks that are alike are read as others are", checkChunks, MANY);
fuzz("many lines of chat-ui are read as others are", checkUpdates, MANY);
