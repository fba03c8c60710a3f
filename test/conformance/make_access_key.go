package conformance

import (
	"fmt"
	"net/url"
	"strings"
)

// place is where an access key may stand.
type place string

const (
	inBody   place = "body"
	inQuery  place = "query"
	inHeader place = "header"
)

// placeAccessKey chooses the model that is called, the keys that name it, and where they stand.
func (m *maker) placeAccessKey(called *model) {
	key := called.AccessKey
	switch {
	case m.odd("access key: unknown"):
		key = newAccessKey(m.Rand)
	case m.odd("access key: regenerated away"):
		key = m.site.oldAccessKey
	}
	at := map[place]string{}
	for _, place := range m.places() {
		at[place] = key
	}
	if m.odd("places: two that differ") {
		at[oneOf(m.Rand, inBody, inHeader)], at[inQuery] = key, m.otherModel(called).AccessKey
	}
	if m.choosePin(called) || m.odd("access key: nowhere") {
		clear(at)
	}
	m.makeBody(at[inBody], m.otherModel(called).AccessKey)
	m.fillQuery(at[inQuery], m.otherModel(called).AccessKey)
	m.fillHeader(at[inHeader], m.otherModel(called).AccessKey)
}

func (m *maker) places() []place {
	switch {
	case m.odd("places: three that agree"):
		return []place{inBody, inQuery, inHeader}
	case m.odd("places: two that agree"):
		return [][]place{{inBody, inQuery}, {inBody, inHeader}, {inQuery, inHeader}}[m.IntN(3)]
	case m.forces("body") && m.chance(0.7): // else another place is seen beside the odd body
		return []place{inBody}
	case m.forces("query"):
		return []place{inQuery}
	case m.forced == "header: blank":
		return []place{oneOf(m.Rand, inBody, inQuery)}
	case m.forces("header"):
		return []place{inHeader}
	}
	return []place{oneOf(m.Rand, inBody, inBody, inBody, inQuery, inHeader)}
}

func (m *maker) otherModel(called *model) *model {
	for {
		if other := oneOf(m.Rand, m.site.models()...); other != called {
			return other
		}
	}
}

// choosePin may pin the route to a model (B6a), and says whether the pin is to stand alone.
func (m *maker) choosePin(called *model) (alone bool) {
	switch {
	case m.odd("pin: same model"):
		m.pin = called.ModelID
	case m.odd("pin: other model"):
		m.pin = m.otherModel(called).ModelID
	case m.odd("pin: unknown"):
		m.pin = "no-such-model"
	case m.odd("pin: alone"):
		m.pin = called.ModelID
		return true
	case m.odd("pin: alone, unknown"):
		m.pin = "no-such-model"
		return true
	case m.odd("pin: alone, open model"):
		m.pin = m.site.modelBy(func(m *model) bool { return !m.AuthEnabled }).ModelID
		return true
	}
	return false
}

// around adds what a paste may leave around a key (B3).
func (m *maker) around(key string, spaces ...string) string {
	return oneOf(m.Rand, spaces...) + key + oneOf(m.Rand, spaces...)
}

func (m *maker) fillQuery(key, other string) {
	add := func(name, value string) { m.parameters = append(m.parameters, name+"="+value) }
	if key != "" {
		value := key
		switch {
		case m.odd("query: value percent-encoded"):
			value = percentEncoded(key)
		case m.odd("query: encoded twice"):
			value = url.PathEscape(percentEncoded(key))
		case m.odd("query: plus signs"):
			value = m.around(key, "", "+")
		case m.odd("query: whitespace around the key"):
			value = m.around(key, "%20", "%09", "%0d%0A", "")
		}
		if m.odd("query: broken percent-encoding") {
			value += oneOf(m.Rand, "%", "%zz", "%4")
		}
		add(accessKeyName, value)
		if m.odd("query: twice, equal") {
			add(accessKeyName, oneOf(m.Rand, key, percentEncoded(key), "%20"+key))
		}
		if m.odd("query: twice, different") {
			add(accessKeyName, oneOf(m.Rand, other, "", percentEncoded(other)))
		}
	}
	switch {
	case m.odd("query: blank"):
		add(accessKeyName, oneOf(m.Rand, "", "%20"))
	case m.odd("query: no value"):
		m.parameters = append(m.parameters, accessKeyName)
	case m.odd("query: name percent-encoded"):
		add(oneOf(m.Rand, "access%4Bey", "%61ccessKey", "accessKe%79"), oneOf(m.Rand, key, other, ""))
	case m.odd("query: name of another case"):
		add(oneOf(m.Rand, "AccessKey", "accesskey", "ACCESSKEY", "access_key"), other)
	}
	if m.odd("query: among others") || m.chance(0.2) {
		add("b", "2")
		m.parameters = append(m.parameters, "flag", "a=%20x", "list=accessKey")
	}
	m.Shuffle(len(m.parameters), func(i, j int) { m.parameters[i], m.parameters[j] = m.parameters[j], m.parameters[i] })
}

// percentEncoded encodes every character, needed or not.
func percentEncoded(text string) string {
	var encoded strings.Builder
	for _, char := range []byte(text) {
		fmt.Fprintf(&encoded, "%%%02X", char)
	}
	return encoded.String()
}

func (m *maker) fillHeader(key, other string) {
	const name = "x-model-access-key"
	if key != "" {
		value := key
		if m.odd("header: whitespace around the key") {
			value = m.around(key, " ", "\t", "")
		}
		m.set(name, value)
		if m.odd("header: twice, equal") {
			m.set(name, key)
		}
		if m.odd("header: twice, different") {
			m.set(name, oneOf(m.Rand, other, ""))
		}
	} else if m.odd("header: blank") {
		m.set(name, oneOf(m.Rand, "", " "))
	}
}
