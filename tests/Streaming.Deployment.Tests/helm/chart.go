package main

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"

	"sigs.k8s.io/yaml"
)

type object = map[string]interface{}

// A chart without sub-charts: its description, its default values, its templates, and its other files.
type chart struct {
	meta, values object
	templates    map[string]string
	files        files
}

// What templates reach as .Files.
type files map[string][]byte

func (f files) Get(name string) string { return string(f[name]) }

func load(folder string) (chart, error) {
	c := chart{templates: map[string]string{}, files: files{}}
	err := filepath.WalkDir(folder, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(folder, file)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		switch {
		case name == "Chart.yaml":
			return yaml.UnmarshalStrict(content, &c.meta)
		case name == "values.yaml":
			return yaml.UnmarshalStrict(content, &c.values)
		case strings.HasPrefix(name, "templates/"):
			c.templates[path.Join(path.Base(folder), name)] = string(content)
		default:
			c.files[name] = content
		}
		return nil
	})
	return c, err
}

// The values as templates see them: a file's are laid over the chart's, and null takes one of the chart's away.
func over(base, top object) object {
	result := object{}
	for key, value := range base {
		result[key] = value
	}
	for key, value := range top {
		inner, isObject := value.(object)
		below, wasObject := result[key].(object)
		switch {
		case value == nil:
			delete(result, key)
		case isObject && wasObject:
			result[key] = over(below, inner)
		default:
			result[key] = value
		}
	}
	return result
}

func namesOf(templates map[string]string) []string {
	var names []string
	for name := range templates {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
