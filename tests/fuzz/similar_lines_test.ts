import { fuzz } from "./_cases.ts";
import { checkChunks, checkUpdates } from "./_similar_cases.ts";

fuzz("chunks that are alike are read as others are", checkChunks);
fuzz("lines of chat-ui that are alike are read as others are", checkUpdates);
