package safetext

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"reflect"
	"slices"
	"strings"
)

// A NumberError says that a number of a document is none, which JSON cannot say.
type NumberError struct {
	Field string // "services[0].bad_seconds.mean"
	Value float64
}

func (e *NumberError) Error() string {
	return fmt.Sprintf("%s is %v, which is no number: a fault of the program, please report this model", e.Field, e.Value)
}

// Document writes a value as one JSON document, indented and ending with a line
// break, in which what acts is escaped. Nothing is written of a value that has a
// number which is none: the error is a *NumberError then. Other errors are those of
// the writer.
func Document(to io.Writer, doc any) error {
	if err := numbers("", reflect.ValueOf(doc)); err != nil {
		return err
	}
	var b bytes.Buffer
	enc := json.NewEncoder(JSON(&b))
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return err
	}
	_, err := to.Write(b.Bytes())
	return err
}

var (
	marshaler = reflect.TypeFor[json.Marshaler]()
	texter    = reflect.TypeFor[encoding.TextMarshaler]()
)

// numbers finds the first number that is none, in the order of the document.
func numbers(at string, v reflect.Value) error {
	if !v.IsValid() || v.Type().Implements(marshaler) || v.Type().Implements(texter) {
		return nil // it says itself how it is written
	}
	switch v.Kind() {
	case reflect.Float32, reflect.Float64:
		if f := v.Float(); math.IsNaN(f) || math.IsInf(f, 0) {
			return &NumberError{at, f}
		}
	case reflect.Pointer, reflect.Interface:
		return numbers(at, v.Elem())
	case reflect.Slice, reflect.Array:
		if k := v.Type().Elem().Kind(); k == reflect.Uint8 || k == reflect.String {
			return nil
		}
		for i := range v.Len() {
			if err := numbers(fmt.Sprintf("%s[%d]", at, i), v.Index(i)); err != nil {
				return err
			}
		}
	case reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		for _, k := range keys {
			if err := numbers(below(at, fmt.Sprint(k)), v.MapIndex(k)); err != nil {
				return err
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			inside := at
			switch {
			case name == "-", !f.IsExported() && !f.Anonymous:
				continue
			case name != "":
				inside = below(at, name)
			case !f.Anonymous:
				inside = below(at, f.Name)
			}
			if err := numbers(inside, v.Field(i)); err != nil {
				return err
			}
		}
	}
	return nil
}

func below(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}
