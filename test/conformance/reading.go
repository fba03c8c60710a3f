package conformance

import (
	"bytes"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	auth "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
)

// The plain model of where credentials sit in a request: part 2 of the contract, read with Go's own JSON and URL.

// bodyBytesMax is the size from which a body counts as partial (B5).
const bodyBytesMax = 5 << 20

const accessKeyName = "accessKey"

// credentials is what a request says about itself.
type credentials struct {
	// accessKey is empty where there is none; notString says that the body's member is no string.
	accessKey, pin                   string
	ambiguous, incomplete, notString bool
	sent                             []sentKey
}

// headersOf answers a request's headers by lower-case name; a repeated one is joined by commas, as Envoy joins it.
func headersOf(http *auth.AttributeContext_HttpRequest) map[string]string {
	joined := map[string]string{}
	add := func(name, value string) {
		name = strings.ToLower(name)
		if before, twice := joined[name]; twice {
			value = before + "," + value
		}
		joined[name] = value
	}
	for name, value := range http.GetHeaders() {
		add(name, value)
	}
	for _, header := range http.GetHeaderMap().GetHeaders() {
		add(header.GetKey(), header.GetValue()+string(header.GetRawValue()))
	}
	return joined
}

// readCredentials answers one reading, but two of a body that is no JSON: whether what it names counts is left open (B5).
func readCredentials(request *auth.CheckRequest) []credentials {
	http := request.GetAttributes().GetRequest().GetHttp()
	headers := headersOf(http)
	body := readBody(append([]byte(http.GetBody()), http.GetRawBody()...), headers)
	c := credentials{pin: request.GetAttributes().GetContextExtensions()["modelgate_model"]}
	c.readAPIKeys(headers)
	readings := []credentials{c.withAccessKey(http, headers, body, !body.encoded && !body.malformed)}
	if body.malformed && !body.encoded {
		readings = append(readings, c.withAccessKey(http, headers, body, true))
	}
	return readings
}

// withAccessKey joins the three placements (B2 to B5). A body that does not count can still contradict the others.
func (c credentials) withAccessKey(http *auth.AttributeContext_HttpRequest, headers map[string]string, body bodyReading, counts bool) credentials {
	query, encodedName := readQuery(http)
	var header []string
	if value, there := headers["x-model-access-key"]; there {
		header = strings.Split(value, ",")
	}
	elsewhere, named := join(query, header), join(body.keys, query, header)
	c.ambiguous = encodedName || len(named) > 1 || disagree(body.keys) || disagree(query) || disagree(header) ||
		body.notString && len(body.keys) > 0
	for _, variant := range body.foldVariants {
		c.ambiguous = c.ambiguous || len(named) == 1 && variant != named[0]
	}
	c.incomplete = body.partial && len(elsewhere) == 0
	c.notString = body.notString && counts
	if !counts {
		named = elsewhere
	}
	if len(named) == 1 {
		c.accessKey = named[0]
	}
	return c
}

// trimmed takes away the whitespace that a paste leaves (B3).
func trimmed(text string) string { return strings.Trim(text, " \t\r\n") }

// join answers the different keys that several placements name; a blank one names none.
func join(placements ...[]string) []string {
	var keys []string
	for _, values := range placements {
		for _, value := range values {
			if value = trimmed(value); value != "" && !slices.Contains(keys, value) {
				keys = append(keys, value)
			}
		}
	}
	return keys
}

// disagree says whether one placement holds different values, a blank one included (B4).
func disagree(values []string) bool {
	for _, value := range values {
		if trimmed(value) != trimmed(values[0]) {
			return true
		}
	}
	return false
}

// readQuery answers each value of the parameter, and whether a name was percent-encoded into it (B3, B4).
func readQuery(http *auth.AttributeContext_HttpRequest) (values []string, encodedName bool) {
	_, inPath, _ := strings.Cut(http.GetPath(), "?")
	for parameter := range strings.SplitSeq(inPath+"&"+http.GetQuery(), "&") {
		name, value, _ := strings.Cut(parameter, "=")
		decoded, err := url.PathUnescape(value) // unlike QueryUnescape it keeps "+"
		if err != nil {
			decoded = value
		}
		if name == accessKeyName {
			values = append(values, decoded)
		} else if plain, err := url.PathUnescape(name); err == nil && plain == accessKeyName {
			encodedName = true
		}
	}
	return values, encodedName
}

type bodyReading struct {
	keys, foldVariants []string
	// malformed: it came whole, and is no JSON; encoded: never decoded (T9); partial: more of it may follow.
	notString, malformed, encoded, partial bool
}

// readBody reads the top-level members of a body, as far as they go (B5).
func readBody(body []byte, headers map[string]string) bodyReading {
	declared, _ := strconv.Atoi(headers["content-length"])
	size := len(body)
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")) // a byte order mark is passed over
	encoding := headers["content-encoding"]
	reading := bodyReading{
		partial: headers["x-envoy-auth-partial-body"] == "true" || size >= bodyBytesMax || declared > size,
		encoded: encoding != "" && encoding != "identity",
	}
	reading.malformed = !reading.partial && !json.Valid(body)
	if len(body) > 1 && body[0] != 0 && body[1] == 0 { // UTF-16 contradicts, and names nothing (B54)
		body = narrow(body)
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	if start, _ := decoder.Token(); start != json.Delim('{') {
		return reading
	}
	for decoder.More() {
		name, _ := decoder.Token()
		text, isName := name.(string)
		var value json.RawMessage
		if !isName || decoder.Decode(&value) != nil {
			break
		}
		reading.note(text, value)
	}
	return reading
}

// narrow reads UTF-16 with the lower byte first.
func narrow(body []byte) []byte {
	var units []uint16
	for i := 0; i+1 < len(body); i += 2 {
		units = append(units, uint16(body[i])|uint16(body[i+1])<<8)
	}
	return []byte(string(utf16.Decode(units)))
}

func (r *bodyReading) note(name string, value json.RawMessage) {
	if !strings.EqualFold(name, accessKeyName) {
		return
	}
	var text string
	isString := value[0] == '"' && json.Unmarshal(value, &text) == nil
	switch {
	case name != accessKeyName && isString:
		r.foldVariants = append(r.foldVariants, trimmed(text))
	case name != accessKeyName:
		r.foldVariants = append(r.foldVariants, string(value))
	case isString:
		r.keys = append(r.keys, text)
	default:
		r.notString = true
	}
}

// apiKeyHeaders are where clients of models put their key (B6, B53).
var apiKeyHeaders = []string{"authorization", "x-api-key", "api-key", "x-goog-api-key"}

// sentKey is one of them that is not blank: its value, and the key that it would be, if any.
type sentKey struct{ value, key string }

// readAPIKeys answers what each header of API keys holds; which of them counts is the decision's affair (B53).
func (c *credentials) readAPIKeys(headers map[string]string) {
	for _, name := range apiKeyHeaders {
		value := trimmed(headers[name])
		if value == "" {
			continue
		}
		key := value
		if name == "authorization" {
			scheme, rest, _ := strings.Cut(value, " ")
			if key = rest; !strings.EqualFold(scheme, "Bearer") {
				key = ""
			}
		}
		c.sent = append(c.sent, sentKey{value, wellFormed(key)})
	}
}

// wellFormed answers the key, or nothing where it could be none: printable ASCII without a comma.
func wellFormed(key string) string {
	key = trimmed(key)
	for _, char := range key {
		if char <= ' ' || char > '~' || char == ',' {
			return ""
		}
	}
	return key
}
