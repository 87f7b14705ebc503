package torture

import (
	"maps"
	"reflect"
	"slices"
	"testing"

	"tightrope/internal/model"
	"tightrope/internal/modelfile"
)

// The generator writes every key of the language on which a number hangs, in
// models that are accepted.
func TestTheGeneratorWritesEveryKey(t *testing.T) {
	left := map[string][]string{} // keys that were not seen, by the fields that they fill
	for _, table := range model.Tables() {
		of := reflect.New(table.Type)
		for _, k := range table.Keys {
			for _, at := range k.Holds(of.Interface()) {
				for i := range table.Type.NumField() {
					if f := table.Type.Field(i); k.Bears != model.Words && f.IsExported() && of.Elem().Field(i).Addr().Interface() == at {
						field := table.Type.Name() + "." + f.Name
						left[field] = append(left[field], k.Name+" of "+table.Of)
					}
				}
			}
		}
	}
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Pointer:
			if !v.IsNil() {
				walk(v.Elem())
			}
		case reflect.Slice:
			for i := range v.Len() {
				walk(v.Index(i))
			}
		case reflect.Struct:
			for i := range v.NumField() {
				if f := v.Type().Field(i); f.IsExported() && !v.Field(i).IsZero() {
					delete(left, v.Type().Name()+"."+f.Name)
					walk(v.Field(i))
				}
			}
		}
	}
	seeds := uint64(0)
	for ; seeds < 5_000 && len(left) > 0; seeds++ {
		g := generate(choices(seeds))
		m, _ := modelfile.Parse([]modelfile.File{{Name: "model.yaml", Data: []byte(g.yaml)}})
		walk(reflect.ValueOf(m))
	}
	for _, field := range slices.Sorted(maps.Keys(left)) {
		t.Errorf("none of %d models fills %s, which %q do", seeds, field, left[field])
	}
	t.Logf("%d models", seeds)
}
