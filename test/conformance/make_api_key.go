package conformance

import "encoding/base64"

// placeAPIKey chooses who calls, and how that is said (B6).
func (m *maker) placeAPIKey(called *model) {
	key := m.chooseAPIKey(called)
	bearer := "Bearer " + key
	switch {
	case m.odd("api key: none"):
		return
	case m.odd("api key: empty"):
		bearer = oneOf(m.Rand, "", " ")
	case m.odd("api key: scheme alone"):
		bearer = oneOf(m.Rand, "Bearer", "Bearer ")
	case m.odd("api key: Basic"):
		bearer = "Basic " + base64.StdEncoding.EncodeToString([]byte("somebody:secret"))
	case m.odd("api key: legacy as Basic"):
		bearer = "Basic " + base64.StdEncoding.EncodeToString([]byte(m.site.legacyKey+":"))
	case m.odd("api key: scheme of another case"):
		bearer = oneOf(m.Rand, "bearer ", "BEARER ", "bEaReR ") + key
	case m.odd("api key: more spaces"):
		bearer = " Bearer   " + key + " "
	case m.odd("api key: by x-api-key"):
		m.set(oneOf(m.Rand, apiKeyHeaders[1:]...), oneOf(m.Rand, key, " "+key+" "))
		return
	case m.odd("api key: both headers agree"):
		m.set(oneOf(m.Rand, apiKeyHeaders[1:]...), key)
	case m.odd("api key: both headers differ"):
		m.set(oneOf(m.Rand, apiKeyHeaders[1:]...), oneOf(m.Rand, oneOf(m.Rand, m.site.APIKeys...).secret, "not-a-key-of-ours"))
	case m.odd("api key: beside what is not ours"):
		for _, name := range apiKeyHeaders[1:] {
			if m.chance(0.6) {
				m.set(name, oneOf(m.Rand, "", "the-own-one", "sk-ant-api03-x", "eyJhbGciOiJub25lIn0.e30.x", "a,b"))
			}
		}
	case m.odd("api key: repeated beside a whole one"):
		m.set(oneOf(m.Rand, apiKeyHeaders[1:]...), key+","+key)
	case m.odd("api key: Basic beside x-api-key"):
		bearer = "Basic " + base64.StdEncoding.EncodeToString([]byte("somebody:secret"))
		m.set("x-api-key", key)
	}
	m.set("authorization", bearer)
	if m.odd("api key: twice") {
		m.set("authorization", oneOf(m.Rand, bearer, "Bearer "+oneOf(m.Rand, m.site.APIKeys...).secret))
	}
}

// chooseAPIKey answers a key that mostly may call the model, else any of the site, else something that is no key.
func (m *maker) chooseAPIKey(called *model) string {
	key := oneOf(m.Rand, m.site.APIKeys...)
	if m.chance(0.6) {
		for range 30 {
			if m.site.permission(called.project, key.Username) >= read && !key.ended {
				break
			}
			key = oneOf(m.Rand, m.site.APIKeys...)
		}
	}
	switch {
	case m.odd("api key: unknown"):
		return newSecret(m.Rand)
	case m.odd("api key: deleted"):
		return m.site.deletedKey
	case m.odd("api key: legacy"):
		return m.site.legacyKey
	case m.odd("api key: JWT"):
		return "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1c2VyLTEifQ." + textOf(m.Rand, alphanumerics, 43)
	case m.odd("api key: comma"):
		return key.secret + oneOf(m.Rand, ",", ",x")
	case m.odd("api key: space inside"):
		return key.secret[:9] + " " + key.secret[9:]
	case m.odd("api key: not ASCII"):
		return key.secret + oneOf(m.Rand, "ä", "\u200b", "\u00a0")
	}
	return key.secret
}
