package web

import (
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// An object is one of JSON.
type object = map[string]any

// openapi describes the API, in OpenAPI 3.1: it is made of the table that the
// endpoints are served from, and of the types that the answers are written of.
func (s *Server) openapi() object {
	b := &describer{all: object{}, is: map[string]reflect.Type{}}
	paths := object{}
	for _, e := range s.endpoints() {
		item, _ := paths[e.path].(object)
		if item == nil {
			item = object{}
			paths[e.path] = item
		}
		item[strings.ToLower(e.method)] = e.described(b)
	}
	b.schema(schemaOf[Problem]())
	return object{
		"openapi": "3.1.0",
		"info": object{
			"title": "tightrope", "version": orElse(s.opts.Version, "dev"),
			"summary":     "How many nines can be promised, what the next one costs, and whether it is worth it",
			"description": "Everything that the pages show, as JSON. Times are in seconds, shares plain ratios, money in the model's currency a year; what is unknown is null. Within v1 keys and endpoints are only ever added. What is wrong with a request is told as a problem document (RFC 9457), whose code can be compared with.",
			"license":     object{"name": "see LICENSE"},
		},
		"servers":  []object{{"url": "/"}},
		"security": []object{{}, {"bearer": []string{}}, {"cookie": []string{}}},
		"paths":    paths,
		"components": object{
			"schemas": b.all,
			"securitySchemes": object{
				"bearer": object{"type": "http", "scheme": "bearer", "description": "the token of the server, where it has one"},
				"cookie": object{"type": "apiKey", "in": "cookie", "name": sessionCookie, "description": "as the pages keep it"},
			},
		},
	}
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// described is the description of one endpoint.
func (e *endpoint) described(b *describer) object {
	kind := orElse(e.kind, "application/json")
	headers := object{}
	if e.method == http.MethodGet {
		headers["ETag"] = object{"description": "names this answer, for If-None-Match", "schema": object{"type": "string"}}
	}
	answers := object{"200": object{"description": "the answer", "headers": headers, "content": object{kind: object{"schema": b.schema(e.gives)}}}}
	if e.waits {
		answers["202"] = object{
			"description": "it is not there yet: ask again",
			"headers":     object{"Retry-After": object{"description": "in how many seconds", "schema": object{"type": "integer"}}},
			"content":     object{"application/json": object{"schema": b.schema(schemaOf[apiSearching]())}},
		}
	}
	problems := map[int]string{
		http.StatusBadRequest:          "the request cannot be read",
		http.StatusUnauthorized:        "the token is missing or wrong",
		http.StatusMethodNotAllowed:    "not with this method",
		http.StatusInternalServerError: "an error of the program",
		http.StatusServiceUnavailable:  "too many requests, an answer that takes too long, or no model yet",
	}
	if e.method == http.MethodGet {
		answers["304"] = object{"description": "the answer that the client has still holds"}
	}
	if !e.takes && !e.bare {
		problems[http.StatusUnprocessableEntity] = "that cannot be asked of this model"
	}
	if slices.ContainsFunc(e.params, func(p param) bool { return p.name == "service" }) || len(e.inPath) > 0 {
		problems[http.StatusNotFound] = "there is none of this name"
	}
	if len(e.inPath) > 0 {
		problems[http.StatusConflict] = "several have this name"
	}
	if e.takes {
		problems[http.StatusForbidden] = "sent by the page of another site"
		problems[http.StatusRequestEntityTooLarge] = "the body is over 1 MiB"
		problems[http.StatusUnsupportedMediaType] = "the body is not sent as YAML"
		problems[http.StatusUnprocessableEntity] = "the model has errors, each told with its place, or that cannot be asked of it"
	}
	for status, text := range problems {
		answers[strconv.Itoa(status)] = object{"description": text, "content": object{"application/problem+json": object{"schema": b.schema(schemaOf[Problem]())}}}
	}
	out := object{"operationId": e.id, "summary": e.title, "responses": answers}
	if e.text != "" {
		out["description"] = e.text
	}
	params := []object{}
	for _, p := range e.inPath {
		params = append(params, p.described("path"))
	}
	for _, p := range e.params {
		params = append(params, p.described("query"))
	}
	if len(params) > 0 {
		out["parameters"] = params
	}
	if e.takes {
		content := object{}
		for _, k := range modelKinds {
			content[k] = object{"schema": object{"type": "string", "description": "a model file, in YAML"}}
		}
		out["requestBody"] = object{"required": true, "content": content}
	}
	return out
}

func (p param) described(in string) object {
	out := object{"name": p.name, "in": in, "description": p.text, "schema": object{"type": "string"}}
	switch {
	case in == "path":
		out["required"] = true
	case p.many:
		out["schema"], out["explode"] = object{"type": "array", "items": object{"type": "string"}}, true
	case p.kind == "boolean":
		out["schema"] = object{"type": "string", "enum": []string{"0", "1", "true", "false"}}
	}
	if p.example != "" {
		out["example"] = p.example
		if p.many {
			out["example"] = []string{p.example}
		}
	}
	return out
}
