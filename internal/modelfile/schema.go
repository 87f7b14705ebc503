package modelfile

// A schema is a part of the JSON Schema of the language.
type schema map[string]any

func ref(name string) schema { return schema{"$ref": "#/$defs/" + name} }

func anyOf(of ...schema) schema { return schema{"anyOf": of} }

func enum(words []string) schema { return schema{"enum": words} }

// oneOrMore is a list, or a single value that stands for a list of one.
func oneOrMore(s schema) schema {
	return anyOf(s, schema{"type": "array", "items": s})
}

// mapOf is a mapping from names to values.
func mapOf(names string, values schema) schema {
	return schema{"type": "object", "propertyNames": ref(names), "additionalProperties": values}
}

func effectSchema() schema { return nil }
