package conformance

import (
	"bytes"
	"compress/gzip"
	"strconv"
	"strings"
	"unicode/utf16"
)

// makeBody makes a body that holds an access key, or none where it is empty, and the headers that belong to it.
func (m *maker) makeBody(key, other string) {
	contentType := oneOf(m.Rand, "application/json", "application/json", "application/json; charset=utf-8")
	text := m.object(m.members(key, other))
	switch {
	case m.odd("body: compressed"):
		m.set("content-encoding", oneOf(m.Rand, "gzip", "br", "zstd", "deflate", "GZIP"))
		if m.chance(0.5) { // else a liar's: read as it stands, it names no model
			text = compressed(text)
		}
	case m.odd("body: a form"):
		contentType, text = "application/x-www-form-urlencoded", "accessKey="+key+"&request=%7B%7D"
	case m.odd("body: multipart"):
		contentType = "multipart/form-data; boundary=x"
		text = "--x\r\ncontent-disposition: form-data; name=\"accessKey\"\r\n\r\n" + key + "\r\n--x--\r\n"
	case m.odd("body: an array"):
		text = "[" + text + "]"
	case m.odd("body: a string"):
		text = quoted("accessKey: " + key)
	case m.odd("body: broken"):
		text = m.broken(text)
	case m.odd("body: cut"):
		text = text[:m.IntN(len(text))]
	case m.odd("body: UTF-16"):
		text = wide(text)
	case m.odd("body: binary"):
		contentType, text = "application/octet-stream", "\x00\xff\xfe{\"accessKey\":"+quoted(key)+"}"
	case m.odd("body: JSON as another type"):
		contentType = oneOf(m.Rand, "text/plain", "application/vnd.api+json", "")
	case m.odd("body: empty"):
		contentType, text = "", ""
	case m.odd("body: of the limit's size"):
		text = filledUp(text, bodyBytesMax)
	case m.odd("body: just below the limit"):
		text = filledUp(text, bodyBytesMax-1)
	}
	if contentType != "" {
		m.set("content-type", contentType)
	}
	m.body = []byte(text)
	m.declareLength()
}

// wide writes a text in UTF-16, by which Python's reader of JSON knows it with and without a byte order mark.
func wide(text string) string {
	var bytes []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		bytes = append(bytes, byte(unit), byte(unit>>8))
	}
	return string(bytes)
}

// declareLength says in headers how much the client sends, and by Envoy's flag whether that is all here (B5).
func (m *maker) declareLength() {
	declared := len(m.body)
	switch {
	case m.odd("body: flagged partial"):
		m.set("x-envoy-auth-partial-body", "true")
	case m.odd("body: flagged complete") || m.chance(0.5):
		m.set("x-envoy-auth-partial-body", "false")
	}
	if m.odd("body: shorter than declared") {
		declared += 1 + m.IntN(1000)
		m.set("content-length", strconv.Itoa(declared))
	} else if m.chance(0.7) {
		m.set("content-length", strconv.Itoa(declared))
	}
}

// broken makes a text that is no JSON.
func (m *maker) broken(text string) string {
	end := strings.LastIndexByte(text, '}')
	return oneOf(m.Rand, text+"}", text+" x", text[:end]+",}", text[:end]+",'a':1}", text[:end]+`,"a":NaN}`, text[:end]+`,"a":01}`,
		"{"+text, strings.Replace(text, ":", "=", 1), "\ufeff"+text, text[:end]+",\"a\":\"\n\"}", text[:end]+`,"a":"\x"}`)
}

func compressed(text string) string {
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	_, _ = writer.Write([]byte(text))
	_ = writer.Close()
	return packed.String()
}

// filledUp is an object as long as wanted, with the same members.
func filledUp(text string, size int) string {
	start := strings.IndexByte(text, '{') + 1
	frame := `"filling":"",`
	return text[:start] + `"filling":"` + strings.Repeat("x", size-len(text)-len(frame)) + `",` + text[start:]
}
