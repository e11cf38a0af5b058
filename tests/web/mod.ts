// Checked with the types of the Web platform only (see `deno.json` beside it):
// any use of the `Deno` namespace in the library is a type error here.
import "@parley/chat";
