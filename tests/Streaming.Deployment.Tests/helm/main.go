// Renders a chart as `helm template` does, as far as charts without dependencies go: the tests' stand-in where helm cannot be installed.
// A missing value is an error, as with `helm lint --strict`.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path"
	"strings"
	"text/template"

	"sigs.k8s.io/yaml"
)

func main() {
	values := flag.String("values", "", "a file of values that are laid over the chart's")
	thereFile := flag.String("there", "", "a file with an object that lookup finds")
	release := flag.String("name", "video", "the release's name")
	notes := flag.Bool("notes", false, "print the notes in place of the objects")
	flag.Parse()
	if err := render(flag.Arg(0), *values, *thereFile, *release, *notes); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func render(folder, valuesFile, thereFile, release string, notes bool) error {
	chart, err := load(folder)
	if err != nil {
		return err
	}
	given, err := read(valuesFile)
	if err != nil {
		return err
	}
	found, err := read(thereFile)
	if err != nil {
		return err
	}
	there := map[string]object{}
	if meta, isObject := found["metadata"].(object); isObject {
		there[fmt.Sprintf("%v/%v", found["kind"], meta["name"])] = found
	}
	data := object{
		"Values":       over(chart.values, given),
		"Chart":        object{"Name": chart.meta["name"], "Version": chart.meta["version"], "AppVersion": chart.meta["appVersion"]},
		"Release":      object{"Name": release, "Namespace": "default", "Service": "Helm", "Revision": 1, "IsInstall": true, "IsUpgrade": false},
		"Files":        chart.files,
		"Capabilities": object{"KubeVersion": object{"Version": "v1.31.0"}},
	}
	return execute(chart, data, there, notes)
}

func execute(chart chart, data object, there map[string]object, notes bool) error {
	root := template.New("chart").Option("missingkey=error")
	root.Funcs(functions(root, there))
	for _, name := range namesOf(chart.templates) {
		if _, err := root.New(name).Parse(chart.templates[name]); err != nil {
			return err
		}
	}
	for _, name := range namesOf(chart.templates) {
		file := path.Base(name)
		if strings.HasPrefix(file, "_") || (file == "NOTES.txt") != notes {
			continue
		}
		var text bytes.Buffer
		if err := root.ExecuteTemplate(&text, name, data); err != nil {
			return err
		}
		if notes {
			fmt.Print(text.String())
		} else if err := write(name, text.String()); err != nil {
			return err
		}
	}
	return nil
}

// Prints the documents of one template that hold an object. A key that stands twice is an error.
func write(name, text string) error {
	for _, document := range strings.Split("\n"+text, "\n---\n") {
		content := object{}
		if err := yaml.UnmarshalStrict([]byte(document), &content); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if len(content) > 0 {
			fmt.Printf("---\n# Source: %s\n%s\n", name, strings.Trim(document, "\n"))
		}
	}
	return nil
}

func read(file string) (object, error) {
	content := object{}
	if file == "" {
		return content, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return content, yaml.UnmarshalStrict(text, &content)
}
