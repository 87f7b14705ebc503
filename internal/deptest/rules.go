package deptest

// Levels, from what everything stands on to what stands on everything.
const (
	words    = 0 // types and mathematics; of ours they import nothing above
	engines  = 1 // what the project computes, reads and writes
	reports  = 2 // results made into text, tables and pages
	surfaces = 3 // what people and machines call
	mains    = 4 // puts the surfaces together
	testOnly = 5 // helps tests; not part of the program
)

// A room is the place of one package in the house.
type room struct {
	level   int
	because string
}

// rooms holds every package that the module has or is designed to have. A
// package that is not listed has no place yet, and the test says so.
var rooms = map[string]room{
	"internal/model":        {words, "the words that every other package speaks; they must not depend on who speaks them"},
	"internal/fourier":      {words, "transforms of sequences; it knows numbers only"},
	"internal/distribution": {words, "mathematics on a lattice; it is checked against published numbers and knows no service"},
	"internal/falsepage":    {words, "how often a burn-rate rule rings for nothing: mathematics that is held against simulations, and knows no model and no rule file"},
	"internal/structure":    {words, "mathematics of needs; exact, so it must not know time or files"},
	"internal/message":      {words, "what engines have to say, before it is said in any language: keys and arguments; it must know neither engines nor texts"},
	"internal/work":         {words, "goroutines that recover, and ends from anywhere; every engine begins its workers there, so it must know none of them"},
	"examples":              {words, "models as files; the server shows one where it is given none"},
	"internal/safetext":     {words, "text of others that does nothing but be read; every surface writes through it, so it knows none"},
	"internal/document":     {words, "what is said, in which order, before it has a form: builders make it and renderers write it, so it knows neither"},
	"internal/chart":        {words, "pictures from numbers; the report and the pages draw the same one, so it knows neither"},

	"internal/scenario":     {engines, "what can go wrong with a set of nets standing; both engines must mean the same incidents"},
	"internal/availability": {engines, "the exact average over all time; forecast and tests hold one another against it"},
	"internal/forecast":     {engines, "the question that the project exists for"},
	"internal/simulate":     {engines, "an independent answer to the same question"},
	"internal/worth":        {engines, "money and people's time; the plan, the explanation and the report must mean the same amounts"},
	"internal/explain":      {engines, "what stands in front of a risk, and what each layer does"},
	"internal/cadence":      {engines, "how often a change may happen, asked of the forecast"},
	"internal/diff":         {engines, "what changed between two models, and which change did what; asked of the forecast"},
	"internal/plan":         {engines, "chooses safety nets by asking the forecast"},
	"internal/alert":        {engines, "which alerts follow from an objective, and after how long each tells of what can go wrong"},
	"internal/alerting":     {engines, "objectives as rules for other tools"},
	"internal/modelfile":    {engines, "the one place that knows how a model is written down"},
	"internal/records":      {engines, "a list of incidents becomes a model, which is written down like any other"},

	"internal/decision":    {engines, "what to promise and what to build first: puts together what forecast, plan and worth answer"},
	"internal/sensitivity": {engines, "which unsure inputs move the answers; asks forecast and plan again and again"},

	"internal/say":               {reports, "results in sentences, in each language; a text, a page and the server must say the same of the same numbers"},
	"internal/document/text":     {reports, "a document for a terminal; it knows no question"},
	"internal/document/markdown": {reports, "a document for a wiki or a pull request; it knows no question"},
	"internal/document/html":     {reports, "a document as a page, whole or in parts for the server; it knows no question"},

	"internal/tables": {reports, "the tables of results, each built once: a text, a wiki and a page show the same one"},

	"internal/report": {reports, "says what the engines found; it computes nothing itself"},
	"internal/page":   {reports, "the same results as one page for those who decide, with pictures; as a file, and in parts for the server"},

	"internal/web": {surfaces, "pages and API over the same engines as the command line"},
	"internal/cli": {surfaces, "commands, flags and exit codes"},

	"scripts/attack": {mains, "attacks a server as anybody may: it knows only HTTP"},
	"cmd/tightrope":  {mains, "a few lines: arguments, streams, exit code"},

	"docs":                {testOnly, "the manual is executed"},
	"internal/deptest":    {testOnly, "these rules"},
	"internal/browser":    {testOnly, "opens pages in a real browser; only tests may pull in the library that drives it"},
	"internal/testmodel":  {testOnly, "big models for tests and benchmarks"},
	"internal/crosscheck": {testOnly, "a second opinion on forecasts, from the design alone; it must share nothing with the engines but the words"},
	"internal/doctest":    {testOnly, "runs the commands that pages show"},
	"internal/agree":      {testOnly, "holds what several commands and pages answer of one model against each other, as a user would"},
	"internal/torture":    {testOnly, "runs every command on random models of the whole language"},
}

// A pair of packages of one level of which the first may import the second.
type pair struct{ from, to string }

// neighbours are the imports within a level that are meant, and why.
var neighbours = map[pair]string{
	{"internal/document", "internal/chart"}:                  "a figure of a document is a picture",
	{"internal/distribution", "internal/fourier"}:            "computes with transforms on its lattice",
	{"internal/falsepage", "internal/work"}:                  "ends when nobody waits",
	{"internal/availability", "internal/scenario"}:           "averages over the sources of a scenario",
	{"internal/forecast", "internal/availability"}:           "groups go down as often and for as long as their exact structure says",
	{"internal/forecast", "internal/scenario"}:               "forecasts the sources of a scenario",
	{"internal/simulate", "internal/scenario"}:               "plays the sources of a scenario",
	{"internal/alert", "internal/scenario"}:                  "what an alert sees are the sources of a scenario",
	{"internal/alert", "internal/availability"}:              "when a need is not met is said in one place",
	{"internal/alert", "internal/falsepage"}:                 "how often alerts ring for nothing",
	{"internal/alerting", "internal/alert"}:                  "which alerts an objective has, and what they see",
	{"internal/alerting", "internal/worth"}:                  "what is at stake in money",
	{"internal/plan", "internal/forecast"}:                   "a plan is chosen by the chance that the forecast gives it",
	{"internal/plan", "internal/scenario"}:                   "a plan is a set of nets that stand",
	{"internal/plan", "internal/worth"}:                      "what nets cost, what outages lose and whom they wake",
	{"internal/worth", "internal/scenario"}:                  "prices the sources of a scenario",
	{"internal/worth", "internal/forecast"}:                  "what is lost follows from the forecast of lost time",
	{"internal/explain", "internal/scenario"}:                "tells the sources of a scenario apart into layers",
	{"internal/explain", "internal/forecast"}:                "what a net does is the difference of two forecasts",
	{"internal/explain", "internal/worth"}:                   "a net's price beside what it does",
	{"internal/cadence", "internal/scenario"}:                "the load on people of a scenario",
	{"internal/cadence", "internal/forecast"}:                "asks the forecast at each rhythm",
	{"internal/cadence", "internal/worth"}:                   "pages and hours at each rhythm",
	{"internal/sensitivity", "internal/forecast"}:            "how far each input moves a promise",
	{"internal/sensitivity", "internal/plan"}:                "whether the plan hangs on an input",
	{"internal/diff", "internal/scenario"}:                   "what an effect is on, and what holds where nothing is written",
	{"internal/diff", "internal/forecast"}:                   "what a change does is the difference of two forecasts",
	{"internal/simulate", "internal/forecast"}:               "the simulator holds itself against the forecast, window by window",
	{"internal/document/html", "internal/say"}:               "marks of another language within a text become attributes",
	{"internal/document/markdown", "internal/document/text"}: "bars are drawn of the same characters in both",
	{"internal/document/markdown", "internal/say"}:           "marks of another language within a text are taken out",
	{"internal/document/text", "internal/say"}:               "marks of another language within a text are taken out",
	{"internal/page", "internal/document/html"}:              "a page is laid out by it",
	{"internal/page", "internal/document/markdown"}:          "a page for a wiki is laid out by it",
	{"internal/report", "internal/document/text"}:            "a text is laid out by it",
	{"internal/report", "internal/document/markdown"}:        "a text for a wiki is laid out by it",
	{"internal/report", "internal/tables"}:                   "a text has the tables that a page has",
	{"internal/page", "internal/tables"}:                     "a page has the tables that a text has",
	{"internal/tables", "internal/say"}:                      "what stands in a cell is said as in a sentence, in either language",
	{"internal/report", "internal/say"}:                      "a text is what is said, in English",
	{"internal/page", "internal/say"}:                        "a number is said on a page as it is in a text, in the language of the page",
	{"internal/cli", "internal/web"}:                         "to serve is a command",
	{"internal/records", "internal/modelfile"}:               "a model made from records is formatted as the reader reads it",
	{"internal/decision", "internal/forecast"}:               "what the nets make of the promise, and what an input does to it",
	{"internal/decision", "internal/plan"}:                   "which nets are worth building",
	{"internal/decision", "internal/worth"}:                  "whom they call, and who is hit",
	{"internal/decision", "internal/sensitivity"}:            "where an input that is not exactly known ends",
	{"internal/decision", "internal/scenario"}:               "identities of what has to be decided",
	{"internal/sensitivity", "internal/scenario"}:            "what a reader must know of what counts",
}

// A ban says that no package of from may reach, however indirectly, a package
// of never. Names in from are of this module; a name in never stands for
// itself, and with "/..." for everything below it too.
type ban struct {
	from    []string
	never   []string
	direct  bool // only what the package itself imports
	because string
}

// engineRoom is what must give the same numbers wherever it is used.
var engineRoom = []string{
	"internal/model", "internal/message", "internal/fourier", "internal/distribution", "internal/structure", "internal/chart",
	"internal/falsepage", "internal/scenario", "internal/availability", "internal/forecast", "internal/plan", "internal/sensitivity",
	"internal/worth", "internal/explain", "internal/cadence", "internal/diff", "internal/alert",
}

var bans = []ban{
	{
		from:    engineRoom,
		never:   []string{"go.yaml.in/...", "gopkg.in/yaml.v3", "github.com/goccy/go-yaml/..."},
		because: "the engines take a model, not a file: a model made by code or by the server must give the same numbers",
	},
	{
		from:    engineRoom,
		never:   []string{"net", "net/http/...", "database/sql/..."},
		because: "a forecast must not wait for, or depend on, anything outside the process",
	},
	{
		from:    append([]string{"internal/simulate", "internal/report", "internal/page"}, engineRoom...),
		never:   []string{"github.com/prometheus/..."},
		because: "what the server tells of itself is counted where it is served, and queries are checked where they are read; numbers and words know nothing of it",
	},
	{
		from:    append([]string{"internal/simulate"}, engineRoom...),
		never:   []string{"os", "io/fs", "path/filepath", "time"},
		direct:  true,
		because: "same model and seed, same bytes: files, environment and clock are the caller's to pass in",
	},
	{
		from:    append([]string{"internal/simulate"}, engineRoom...),
		never:   []string{"crypto/rand", "math/rand"},
		direct:  true,
		because: "same model and seed, same bytes: randomness comes from a seed (math/rand/v2 with an explicit generator)",
	},
	{
		from:    []string{"internal/model"},
		never:   []string{modules},
		because: "the words must outlive every library; standard library only",
	},
	{
		from:    []string{"cmd/tightrope"},
		never:   []string{"testing/...", cgo},
		because: "the shipped program carries no test helpers, and runs without a C library",
	},
	{
		from:    []string{"cmd/tightrope"},
		never:   []string{"github.com/chromedp/..."},
		because: "a browser is driven by tests; whoever runs the program needs none",
	},
}

// What ban.never can hold besides names of packages.
const (
	modules = "(other modules)" // every package of another module
	cgo     = "(cgo)"           // every package with C in it, outside the standard library
)
