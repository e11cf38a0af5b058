import { assertEquals } from "@std/assert";
import * as library from "../mod.ts";
import { withoutComments } from "./_sources.ts";

/** What each entry point exports: values and types. */
const NAMES: Readonly<Record<string, string>> = {
  "mod.ts": `
    AssistantMessage Attempt BatchesOptions ChatEvent ChatInput ChatOptions ChatResponseInit
    ChatResult ChatStream ChatUiOptions ChatUiProvider ChatUiServerOptions
    Clock ContentPart Conversation ConversationEvent
    DownloadOptions ErrorCode FinishEvent FinishReason GeneratedImage
    HeldResponseInit ImageEvent ImageOptions ImagePart InferOutput InferSchema InquiryOptions
    JsonSchema Limits Message ObjectEvent Opaque OpenAiCompat
    OpenAiCompatibleOptions OpenAiCompatibleProvider Output OutputFailure
    OutputMode OutputOptions OutputSupport PartialAnswer Provider ProviderError
    ProviderErrorOptions ProviderOptions RawToolCall ReasoningEvent
    ResponseFacts RestartEvent Role RouteEvent Schema Source SourceEvent SplitOptions SseEvent
    StandardJsonSchema StandardSchema TextEvent TextPart TimeoutPhase Timeouts
    TitleEvent Tool ToolCall ToolCallDeltaEvent ToolCallError
    ToolCallErrorEvent ToolCallEvent ToolChoice ToolMessage ToolSupport Usage
    UsageEvent UserMessage ValueIssue Warning WarningEvent WrappedSchema
    aiChats amigoChat autonomousAi cohereC4aiCommand createAiChats
    createAmigoChat createAutonomousAi createChatUi createCohereC4aiCommand
    createOpenAiCompatible decodeBase64 detectMediaType encodeBase64
    formatPrompt generateChatId getPersonaId getProvider isProviderError
    jsonSchema parseConversation providers toDataUrl toJsonLines toLines
    toMessage toSseEvents
  `,
  "core/provider.ts": `
    BodyReader BodyReaderOptions ChatSetting Decoder DetachedRequest FailOptions FailureHead HeldHead
    ImageInit
    ImageSetting ImageSource InlineImage Issue JsonEvent OpenAiAnswerOptions
    OpenAiMessage OpenAiMessageOptions OptionsSchema OutputSpec PartImage
    ProviderAbilities ProviderDefinition RawIssue ReadAllOptions ResolvedLimits
    RunContext SYSTEM_CLOCK SchemaIssue SchemaResult SseDecoderOptions
    StandardSchema ToolSpec UpstreamAccess UpstreamBody UpstreamError UpstreamErrorOptions
    UpstreamRequest UpstreamResponse abortable appendBytes checkOptions createBodyReader
    createJsonLineDecoder createSseDecoder defineProvider downloadImage
    findAddition findError findMeantName holdHead isBytes isInTime readImagePart readJsonEvents readOpenAiAnswer readOpenAiImages
    toFailureHead toImage toLastText toOpenAiMessages toOpenAiTools toPath toPublicMessage toSystemText toText
    tryParseJson
  `,
  "failover/mod.ts": `
    BreakerOptions Failover FailoverOptions FailoverRoutes KvAtomicLike KvEntryLike
    KvKeyLike KvLike KvStoreOptions OnPartial Route RouteInit RouteState
    RouteStore Strategy createFailover createKvStore createMemoryStore
  `,
  "health/mod.ts": `
    Health ProbeOptions Verdict probe probeRoutes
  `,
  "telemetry/mod.ts": `
    Attributes ContextLike HistogramLike MeterLike SpanInit SpanLike
    TracedOptions TracedToolOptions TracerLike traced tracedTool withAttempts
  `,
  "tools/mod.ts": `
    BatchStream DeepPartial ObjectStream PartialObjectsOptions RunToolsOptions
    RunnableTool StepEvent ToolContext ToolError ToolResultEvent ToolRun
    ToolRunEvent ToolRunFinishEvent ToolRunLimits ToolRunResult generateObject
    partialObjects runTools streamObject tool
  `,
  "packages/ai-sdk/mod.ts": `
    ReadableRun SdkImageModel SdkLanguageModel SdkProvider toImageModel
    toLanguageModel toProvider toUiMessageResponse
  `,
  "packages/gateway/mod.ts": `
    ConversationKeeper ConversationSealerOptions ConversationStoreOptions
    GatewayLimits GatewayOptions LogEntry LoggedFailure Outcome SealingKey
    createConversationSealer createConversationStore createGateway
  `,
  "packages/testing/mod.ts": `
    AiChatsUpstreamOptions AmigoChatUpstreamOptions Answer AnswerCall
    AnswerContext
    AnswerFormat AnswerMessage AnswerOptions AutonomousAiUpstreamOptions
    BodyFault ChatUiAnswerContext ChatUiAnswerOptions ChatUiLimits
    ChatUiUpdate ChatUiUpstreamOptions Chunking
    ConformanceCase ConformanceOptions ConformanceTarget FakeClock Fault
    FaultPlan FaultPoint FaultyServer FaultyUpstream FaultyUpstreamOptions
    HeadFault OpenAiUpstreamOptions PictureOptions PictureTarget
    RecordOptions RecordedRequest ReplayOptions SentMessage SentQuestion SentSetting ServeUpstreamOptions
    StoredFile ToolAnswer ToolAnswerOptions ToolQuirk ToolTarget
    Upstream UpstreamHandler UpstreamOptions UpstreamServer conformanceCases
    createAiChatsUpstream createAmigoChatUpstream createAutonomousAiUpstream
    createChatUiUpstream createFaultyUpstream createOpenAiUpstream
    createRandom createUpstream echo flush rechunk record replay testProvider toAnswerBody
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

/** What a provider over a chat-ui server has besides. */
const CHAT_UI = ["deleteConversation", "listModels"];

Deno.test("every provider has these attributes and no other", () => {
  for (const provider of Object.values(library.providers)) {
    const names = Object.keys(provider).filter((name) =>
      provider !== library.cohereC4aiCommand || !CHAT_UI.includes(name)
    );
    assertEquals(names.sort(), ATTRIBUTES);
  }
  const baseUrl = "http://[::1]";
  for (
    const [provider, names] of [
      [
        library.createOpenAiCompatible({ baseUrl }),
        ["listModels", "takesExtraBody"],
      ],
      [library.createChatUi({ baseUrl }), CHAT_UI],
    ] as const
  ) {
    assertEquals(
      Object.keys(provider).sort(),
      [...ATTRIBUTES, ...names].sort(),
    );
  }
});
