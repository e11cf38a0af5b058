import { assertEquals } from "@std/assert";
import * as library from "../mod.ts";
import { withoutComments } from "./_sources.ts";

/** What each entry point exports: values and types. */
const NAMES: Readonly<Record<string, string>> = {
  "mod.ts": `
    AssistantMessage Attempt ChatEvent ChatInput ChatOptions ChatResponseInit
    ChatResult ChatStream Clock ContentPart Conversation ConversationEvent
    DownloadOptions ErrorCode FinishEvent FinishReason GeneratedImage
    ImageEvent ImageOptions ImagePart InferOutput InferSchema InquiryOptions
    JsonSchema Limits Message ObjectEvent Opaque OpenAiCompat
    OpenAiCompatibleOptions OpenAiCompatibleProvider Output OutputFailure
    OutputMode OutputOptions OutputSupport PartialAnswer Provider ProviderError
    ProviderErrorOptions ProviderOptions RawToolCall ReasoningEvent
    ResponseFacts RestartEvent Role RouteEvent Schema SplitOptions SseEvent
    StandardJsonSchema StandardSchema TextEvent TextPart TimeoutPhase Timeouts
    TitleEvent Tool ToolCall ToolCallDeltaEvent ToolCallError
    ToolCallErrorEvent ToolCallEvent ToolChoice ToolMessage ToolSupport Usage
    UsageEvent UserMessage ValueIssue Warning WarningEvent WrappedSchema
    aiChats amigoChat autonomousAi cohereC4aiCommand createAiChats
    createAmigoChat createAutonomousAi createCohereC4aiCommand
    createOpenAiCompatible decodeBase64 detectMediaType encodeBase64
    formatPrompt generateChatId getPersonaId getProvider isProviderError
    jsonSchema parseConversation providers toDataUrl toJsonLines toLines
    toMessage toSseEvents
  `,
  "core/provider.ts": `
    BodyReader BodyReaderOptions ChatSetting Decoder FailOptions ImageInit
    ImageSetting ImageSource InlineImage Issue JsonEvent OpenAiAnswerOptions
    OpenAiMessage OpenAiMessageOptions OptionsSchema OutputSpec PartImage
    ProviderAbilities ProviderDefinition RawIssue ReadAllOptions ResolvedLimits
    RunContext SYSTEM_CLOCK SchemaIssue SchemaResult SseDecoderOptions
    StandardSchema ToolSpec UpstreamBody UpstreamError UpstreamErrorOptions
    UpstreamRequest UpstreamResponse abortable checkOptions createBodyReader
    createJsonLineDecoder createSseDecoder defineProvider downloadImage
    findError readImagePart readJsonEvents readOpenAiAnswer readOpenAiImages
    toImage toLastText toOpenAiMessages toOpenAiTools toPath toSystemText
    tryParseJson
  `,
  "failover/mod.ts": `
    BreakerOptions FailoverOptions FailoverRoutes KvAtomicLike KvEntryLike
    KvKeyLike KvLike KvStoreOptions OnPartial Route RouteInit RouteState
    RouteStore Strategy createFailover createKvStore createMemoryStore
  `,
  "tools/mod.ts": `
    BatchStream DeepPartial ObjectStream PartialObjectsOptions RunToolsOptions
    RunnableTool StepEvent ToolContext ToolError ToolResultEvent ToolRun
    ToolRunEvent ToolRunFinishEvent ToolRunLimits ToolRunResult generateObject
    partialObjects runTools streamObject tool
  `,
  "packages/gateway/mod.ts": `
    ConversationKeeper ConversationSealerOptions ConversationStoreOptions
    GatewayLimits GatewayOptions LogEntry Outcome SealingKey
    createConversationSealer createConversationStore createGateway
  `,
  "packages/testing/mod.ts": `
    AiChatsUpstreamOptions AmigoChatUpstreamOptions Answer AnswerContext
    AnswerFormat AnswerMessage AnswerOptions AutonomousAiUpstreamOptions
    BodyFault ChatUiAnswerOptions ChatUiLimits ChatUiUpstreamOptions Chunking
    ConformanceCase ConformanceOptions ConformanceTarget FakeClock Fault
    FaultPlan FaultPoint FaultyServer FaultyUpstream FaultyUpstreamOptions
    HeadFault OpenAiUpstreamOptions PictureOptions PictureTarget
    RecordedRequest SentMessage SentQuestion SentSetting ServeUpstreamOptions
    Upstream UpstreamHandler UpstreamOptions UpstreamServer conformanceCases
    createAiChatsUpstream createAmigoChatUpstream createAutonomousAiUpstream
    createChatUiUpstream createFaultyUpstream createOpenAiUpstream
    createRandom createUpstream echo flush rechunk testProvider toAnswerBody
  `,
};

/** Reads the names of an entry point, which has nothing but named re-exports. */
async function readNames(path: string): Promise<readonly string[]> {
  const file = new URL(`../${path}`, import.meta.url);
  const text = withoutComments(await Deno.readTextFile(file));
  const names: string[] = [];
  const rest = text.replaceAll(
    /export(?: type)? \{([^}]*)\} from "[^"]+";/g,
    (_statement, list: string) => {
      const items = list.split(",").map((item) => item.trim());
      names.push(
        ...items.filter(Boolean).map((item) => item.replace(/^type /, "")),
      );
      return "";
    },
  );
  assertEquals(rest.trim(), "");
  return names.sort();
}

for (const [path, names] of Object.entries(NAMES)) {
  Deno.test(`${path} exports these names and no other`, async () => {
    assertEquals(await readNames(path), names.trim().split(/\s+/));
  });
}

const ATTRIBUTES = [
  "acceptsImages",
  "baseUrl",
  "defaultModel",
  "generate",
  "getModel",
  "id",
  "imageModels",
  "label",
  "modelAliases",
  "models",
  "outputSupport",
  "settings",
  "stream",
  "supportsMessageHistory",
  "supportsStream",
  "supportsSystemMessage",
  "toolSupport",
  "url",
  "working",
];

Deno.test("every provider has these attributes and no other", () => {
  for (const provider of Object.values(library.providers)) {
    assertEquals(Object.keys(provider).sort(), ATTRIBUTES);
  }
  const provider = library.createOpenAiCompatible({ baseUrl: "http://[::1]" });
  assertEquals(
    Object.keys(provider).sort(),
    [...ATTRIBUTES, "listModels", "takesExtraBody"].sort(),
  );
});
