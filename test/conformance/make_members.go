package conformance

import (
	"encoding/json"
	"fmt"
	"strings"
)

// members are those of the body's object, in order.
func (m *maker) members(key, other string) []string {
	members := []string{`"request":` + m.anyJSON(3)}
	if m.chance(0.3) {
		members = append(members, `"accesskeys":`+m.anyJSON(1))
	}
	switch {
	case m.odd("body: deep text before the key"):
		const depth = 2000
		members = append(members, `"deep":`+strings.Repeat(`[{"accessKey":`, depth)+"0"+strings.Repeat("}]", depth))
	case m.odd("body: long text before the key"):
		members = append(members, `"long":`+quoted(strings.Repeat(`of "accessKey" \ and so on `, 2000)))
	case m.odd("body: key only further in"):
		members = append(members, `"parameters":{"accessKey":`+quoted(key+other)+`}`)
	case m.odd("body: name misspelt"):
		members = append(members, `"acessKey":`+quoted(other))
	case m.odd("body: key is no string"):
		members = append(members, `"accessKey":`+oneOf(m.Rand, "null", "1", "true", `["x"]`, "{}"))
	case m.odd("body: key blank"):
		members = append(members, `"accessKey":`+oneOf(m.Rand, `""`, `"  "`, `"\n"`))
		key = ""
	}
	if key == "" {
		return members
	}
	found := m.keyMembers(key, other)
	if m.odd("body: key last") || m.chance(0.5) {
		return append(members, found...)
	}
	return append(found, members...)
}

// keyMembers are the members that name the model, and those that a careless reader would take for one.
func (m *maker) keyMembers(key, other string) []string {
	name, value := quoted(accessKeyName), quoted(key)
	if m.odd("body: name by escapes") {
		name = m.escaped(accessKeyName)
	}
	switch {
	case m.odd("body: value by escapes"):
		value = m.escaped(key)
	case m.odd("body: whitespace around the key"):
		value = quoted(m.around(key, " ", "\t", "\n", ""))
	}
	members := []string{name + ":" + value}
	add := func(name, value string) { members = append(members, name+":"+value) }
	switch {
	case m.odd("body: key twice, equal"):
		add(m.escaped(accessKeyName), quoted(key))
	case m.odd("body: key twice, different"):
		add(quoted(accessKeyName), quoted(other))
	case m.odd("body: key twice, by escapes, different"):
		add(m.escaped(accessKeyName), quoted(other))
	case m.odd("body: key blank and given"):
		add(quoted(accessKeyName), `" "`)
	case m.odd("body: name of another case, same key"):
		add(oneOf(m.Rand, `"AccessKey"`, `"accesskey"`, `"ACCESS\u004bEY"`), quoted(key))
	case m.odd("body: name of another case, other key"):
		add(oneOf(m.Rand, `"AccessKey"`, `"accesskey"`, `"ACCESS\u004bEY"`), quoted(other))
	case m.odd("body: name with a long s, other key"):
		add(oneOf(m.Rand, `"acceſsKey"`, `"acces\u017FKey"`), quoted(other))
	case m.odd("body: name with a Kelvin sign, other key"):
		add(oneOf(m.Rand, "\"access\u212aey\"", `"access\u212aey"`), quoted(other))
	}
	m.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
	return members
}

// object joins members, with any whitespace that JSON allows.
func (m *maker) object(members []string) string {
	space := ""
	if m.odd("body: whitespace between tokens") {
		space = oneOf(m.Rand, " ", "\n\t", "\r\n  ")
	}
	return space + "{" + space + strings.Join(members, space+","+space) + space + "}" + space
}

// escaped spells a text as JSON with some or all characters as \u escapes, at least one.
func (m *maker) escaped(text string) string {
	var spelt strings.Builder
	certain := m.IntN(len(text))
	for i, char := range []byte(text) {
		if i == certain || m.chance(0.3) {
			fmt.Fprintf(&spelt, oneOf(m.Rand, `\u%04x`, `\u%04X`), char)
		} else {
			spelt.WriteByte(char)
		}
	}
	return `"` + spelt.String() + `"`
}

// anyJSON makes a value of a request to a model.
func (m *maker) anyJSON(depth int) string {
	switch kind := m.IntN(8); {
	case kind == 0 && depth > 0:
		return "[" + m.anyJSON(depth-1) + "," + m.anyJSON(depth-1) + "]"
	case kind < 3 && depth > 0:
		return `{"accessKey":` + m.anyJSON(depth-1) + `,"` + textOf(m.Rand, alphanumerics, 5) + `":` + m.anyJSON(depth-1) + "}"
	case kind == 3:
		return quoted(textOf(m.Rand, `accessKey:"{}[],\/ `, 12) + "ä😀")
	case kind == 4:
		return oneOf(m.Rand, "true", "false", "null")
	case kind == 5:
		return oneOf(m.Rand, "-0.5e+10", "731064773", "1E400", "0")
	}
	return oneOf(m.Rand, `"19 - 22"`, `"\"\\\/\b\f\n\r\t"`, `"\ud83d\ude00"`, `"é"`, "{}", "[]")
}

func quoted(text string) string {
	encoded, _ := json.Marshal(text)
	return string(encoded)
}
