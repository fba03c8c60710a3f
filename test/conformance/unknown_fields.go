package conformance

import "google.golang.org/protobuf/reflect/protoreflect"

// unknownFields answers the paths of all messages, however deep, that hold bytes which their type does not describe.
func unknownFields(message protoreflect.Message, path string) map[string]bool {
	found := map[string]bool{}
	if len(message.GetUnknown()) > 0 {
		found[path] = true
	}
	descend := func(inner protoreflect.Value, name string) {
		for path := range unknownFields(inner.Message(), path+"."+name) {
			found[path] = true
		}
	}
	message.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		name := string(field.Name())
		switch {
		case field.IsMap():
			value.Map().Range(func(key protoreflect.MapKey, inner protoreflect.Value) bool {
				if field.MapValue().Message() != nil {
					descend(inner, name+"."+key.String())
				}
				return true
			})
		case field.Message() == nil:
		case field.IsList():
			for i := range value.List().Len() {
				descend(value.List().Get(i), name)
			}
		default:
			descend(value, name)
		}
		return true
	})
	return found
}
