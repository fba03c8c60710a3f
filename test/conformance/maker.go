package conformance

import (
	"math/rand/v2"
	"slices"
	"strings"
)

// aspects are the spellings and cases that a run must show. Each is forced in turn, so none goes missing by chance, and
// each may also turn up beside others.
var aspects = []string{
	"access key: unknown", "access key: regenerated away", "access key: nowhere",
	"places: two that agree", "places: two that differ", "places: three that agree",
	"body: key last", "body: deep text before the key", "body: long text before the key", "body: name by escapes",
	"body: value by escapes", "body: whitespace between tokens", "body: key twice, equal", "body: key twice, different",
	"body: key twice, by escapes, different", "body: key is no string", "body: key blank", "body: key blank and given",
	"body: whitespace around the key", "body: name misspelt", "body: key only further in", "body: name of another case, same key",
	"body: name of another case, other key", "body: name with a long s, other key", "body: name with a Kelvin sign, other key",
	"body: flagged partial", "body: flagged complete", "body: shorter than declared", "body: of the limit's size", "body: just below the limit",
	"body: compressed", "body: a form", "body: multipart", "body: an array", "body: a string", "body: broken", "body: cut", "body: UTF-16", "body: binary",
	"body: JSON as another type", "body: empty",
	"query: value percent-encoded", "query: encoded twice", "query: broken percent-encoding", "query: plus signs", "query: whitespace around the key", "query: twice, equal",
	"query: twice, different", "query: blank", "query: no value", "query: name percent-encoded", "query: name of another case",
	"query: in its own field", "query: among others",
	"header: whitespace around the key", "header: twice, equal", "header: twice, different", "header: blank",
	"pin: same model", "pin: other model", "pin: unknown", "pin: alone", "pin: alone, unknown", "pin: alone, open model",
	"api key: none", "api key: unknown", "api key: deleted", "api key: legacy", "api key: legacy as Basic", "api key: JWT", "api key: empty",
	"api key: Basic", "api key: scheme alone", "api key: comma", "api key: space inside", "api key: not ASCII", "api key: twice",
	"api key: scheme of another case", "api key: more spaces", "api key: by x-api-key", "api key: both headers agree",
	"api key: both headers differ", "api key: Basic beside x-api-key", "api key: beside what is not ours",
	"api key: repeated beside a whole one",
	"names: upper case", "headers: in header_map as text", "headers: in header_map as bytes", "headers: repeats apart", "headers: forged answers",
	"headers: very many", "caller: gRPC", "caller: another method", "envoy: no request id", "envoy: no path", "envoy: no http", "envoy: no request", "envoy: no attributes",
	"envoy: principals", "envoy: metadata", "envoy: fields of a newer version", "envoy: body as text",
}

// heavy aspects cost megabytes a check, and are forced only in one round of some.
var heavy = []string{"body: of the limit's size", "body: just below the limit"}

const (
	roundsPerHeavy = 4
	// strayChance is how often an aspect turns up unforced.
	strayChance = 0.004
)

// maker makes one request; everything random comes from its own numbers, so that one check can be made again alone.
type maker struct {
	*rand.Rand
	site   *site
	forced string
	seen   []string

	headers    []header
	pin        string
	parameters []string
	body       []byte
	// apart: repeated headers stand as entries of their own.
	apart bool
}

type header struct{ name, value string }

// newMaker starts the check of this number: the same seed, number and site make the same request.
func newMaker(seed uint64, number int, site *site) *maker {
	forced := aspects[number%len(aspects)]
	if slices.Contains(heavy, forced) && number/len(aspects)%roundsPerHeavy != 0 {
		forced = ""
	}
	return &maker{Rand: rand.New(rand.NewPCG(seed, uint64(number)+1)), site: site, forced: forced}
}

// odd says whether this aspect is wanted now, and notes it.
func (m *maker) odd(aspect string) bool {
	if !slices.Contains(aspects, aspect) {
		panic("not in the list of aspects: " + aspect)
	}
	wanted := aspect == m.forced || m.chance(strayChance) && !slices.Contains(heavy, aspect)
	if wanted {
		m.seen = append(m.seen, aspect)
	}
	return wanted
}

func (m *maker) forces(kind string) bool { return strings.HasPrefix(m.forced, kind+":") }

func (m *maker) chance(share float64) bool { return m.Float64() < share }

func (m *maker) set(name, value string) { m.headers = append(m.headers, header{name, value}) }

func oneOf[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

const (
	lowerAlphanumerics = "0123456789abcdefghijklmnopqrstuvwxyz"
	alphanumerics      = lowerAlphanumerics + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	hexDigits          = "0123456789abcdef"
)

func textOf(r *rand.Rand, alphabet string, length int) string {
	text := make([]byte, length)
	for i := range text {
		text[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(text)
}

func newAccessKey(r *rand.Rand) string { return "m" + textOf(r, lowerAlphanumerics, 31) }
