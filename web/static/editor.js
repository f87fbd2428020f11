// The statement's field as an editor: Cypher in colours, and completion from the schema. Without this script it is a text area.
"use strict";

const KEYWORDS = `ALL AND ANY AS ASC BY CALL CASE CONTAINS COUNT DESC DISTINCT ELSE END ENDS EXISTS EXPLAIN FALSE IN IS LIMIT MATCH NONE NOT NULL
  OPTIONAL OR ORDER PROFILE REDUCE RETURN SINGLE SKIP STARTS THEN TRUE UNION UNWIND WHEN WHERE WITH XOR YIELD`.split(/\s+/);
const FUNCTIONS = `abs avg ceil coalesce collect count date datetime duration duration.between elementId exp floor head
  keys labels last left length log max min nodes percentileCont percentileDisc properties range relationships replace
  reverse right round shortestPath sign size split sqrt startNode endNode stDev substring sum tail toFloat toInteger toLower
  toString toUpper trim type vector.similarity.cosine`.split(/\s+/);
const keywords = new Set(KEYWORDS);

// Tokens of one line after the other; what is inside which bracket tells a property from a variable.
const cypher = {
  name: "cypher",
  startState: () => ({ block: false, after: "", labelled: false, open: [] }),
  copyState: (state) => ({ ...state, open: [...state.open] }),
  token(stream, state) {
    if (state.block || stream.match("/*")) {
      state.block = !stream.match(/^.*?\*\//);
      if (state.block) stream.skipToEnd();
      return "comment";
    }
    if (stream.eatSpace()) return null;
    if (stream.match("//")) return stream.skipToEnd(), "comment";
    const { after, labelled } = state;
    state.after = "";
    state.labelled = false;
    if (stream.match(/^(?:'(?:\\.|[^'\\])*'?|"(?:\\.|[^"\\])*"?)/)) return "string";
    if (stream.match(/^\$\w*/)) return "parameter";
    if (stream.match(/^\d+(?:\.\d+)?(?:e[+-]?\d+)?/i)) return "number";
    if (stream.match(/^(?:`[^`]*`?|[\p{L}_][\p{L}\p{N}_]*)/u)) {
      if (after === ":") return (state.labelled = true), "label";
      if (after === ".") return "property";
      if (state.open.at(-1) === "{" && stream.match(/^\s*:/, false)) return "property";
      if (keywords.has(stream.current().toUpperCase())) return "keyword";
      return stream.match(/^[\w.]*\s*\(/, false) ? "function" : "variable";
    }
    const sign = stream.next();
    if ("([{".includes(sign)) state.open.push(sign);
    if (")]}".includes(sign)) state.open.pop();
    const inMap = state.open.at(-1) === "{";
    if (sign === "." || (sign === ":" && !inMap) || ("|&!".includes(sign) && labelled)) state.after = sign === "." ? "." : ":";
    return "([{}])".includes(sign) ? "bracket" : "operator";
  },
};

// The innermost bracket that is open at the end of a text, and where; texts in quotes and comments do not count.
function openAt(text) {
  const open = [];
  for (const match of text.matchAll(/'(?:\\.|[^'\\])*(?:'|$)|"(?:\\.|[^"\\])*(?:"|$)|\/\/[^\n]*|[([{}\])]/g)) {
    if ("([{".includes(match[0])) open.push(match.index);
    else if (")]}".includes(match[0])) open.pop();
    else if (match.index + match[0].length === text.length && !/.['"]$/s.test(match[0])) return null;
  }
  return open;
}

const named = (names, type, extra) => names.map((label) => ({ label, type, ...(extra ? extra(label) : {}) }));
const unique = (lists) => [...new Set(lists.flat())].sort();

// The labels or types that the statement gives a variable.
function kindsOf(variable, text) {
  const found = new RegExp(`[([]\\s*${variable}\\s*:\\s*([\\w|&:]+)`).exec(text);
  return found ? found[1].split(/[|&:]+/) : [];
}

function propertiesOf(kinds, schema) {
  const all = { ...schema.labels, ...schema.types };
  const known = kinds.filter((kind) => kind in all);
  return unique(known.length ? known.map((kind) => all[kind]) : Object.values(all));
}

// What may stand at the end of `before`, in the statement `text`.
function choices(before, text, schema) {
  const lead = before.replace(/\w*$/, "");
  const open = openAt(lead);
  if (open === null) return [];
  if (lead.endsWith("$")) return named(unique([[...text.matchAll(/\$(\w+)/g)].map((each) => each[1])]), "parameter");
  const owner = /(\w+)\.$/.exec(lead);
  if (owner) return named(propertiesOf(kindsOf(owner[1], text), schema), "property");
  const inside = open.length ? lead.slice(open.at(-1)) : "";
  if (/^\[\s*\w*\s*:[\w|!]*$/.test(inside)) {
    const leads = (type) => ({ detail: schema.links.filter((link) => link[1] === type).map((link) => link[2]).filter((end, i, all) => all.indexOf(end) === i).slice(0, 3).join(", ") });
    return named(Object.keys(schema.types), "type", leads);
  }
  if (/^\(\s*\w*\s*:[\w|&:!]*$/.test(inside)) return named(Object.keys(schema.labels), "label");
  const pattern = inside[0] === "{" && /[([]\s*\w*\s*:\s*([\w|&:]+)\s*(?:\*[\d.]*\s*)?$/.exec(lead.slice(0, open.at(-1)));
  if (pattern && /[{,]\s*$/.test(inside)) return named(propertiesOf(pattern[1].split(/[|&:]+/), schema), "property", (label) => ({ apply: `${label}: ` }));
  const variables = [...text.matchAll(/[([]\s*([A-Za-z]\w*)\s*[:){\]]|\bAS\s+(\w+)|(\w+)\s*=\s*\(|UNWIND\b.*?\bAS\s+(\w+)/gi)];
  return [
    ...named(unique([variables.map((each) => each.slice(1).find(Boolean))]), "variable", () => ({ boost: 1 })),
    ...named(KEYWORDS, "keyword"),
    ...named(FUNCTIONS, "function", (label) => ({ apply: `${label}(` })),
  ];
}

function enhance(area, nonce) {
  const { Decoration, EditorState, EditorView, HighlightStyle, StateField, StreamLanguage, tags } = CodeMirror;
  let asked;
  const schema = () => (asked ??= fetch(area.dataset.schema).then((answer) => answer.json()));
  const complete = async (context) => {
    const word = context.matchBefore(/\w*/);
    const sign = context.matchBefore(/[:.$|{][\w]*/);
    if (!context.explicit && !sign && word.from === word.to) return null;
    const before = context.state.sliceDoc(0, context.pos);
    const options = choices(before, context.state.doc.toString().slice(0), await schema());
    return options.length ? { from: word.from, options: options.filter((each) => each.label !== before.slice(word.from)), validFor: /^\w*$/ } : null;
  };
  const names = ["keyword", "label", "property", "parameter", "function", "string", "number", "comment", "variable", "operator", "bracket"];
  const table = {
    label: tags.typeName, property: tags.propertyName, parameter: tags.atom, function: tags.macroName,
    variable: tags.variableName, bracket: tags.bracket, operator: tags.operator,
  };
  const standard = { keyword: tags.keyword, string: tags.string, number: tags.number, comment: tags.comment };
  const colours = HighlightStyle.define(names.map((name) => ({ tag: table[name] ?? standard[name], class: `cy-${name}` })));
  const place = area.dataset.line && { line: +area.dataset.line, column: +area.dataset.column };
  const wrong = StateField.define({
    create(state) {
      if (!place || place.line > state.doc.lines) return Decoration.none;
      const line = state.doc.line(place.line);
      const from = Math.max(line.from, Math.min(line.from + place.column - 1, line.to - 1));
      const marks = [Decoration.line({ class: "wrong-line" }).range(line.from)];
      if (line.length) marks.push(Decoration.mark({ class: "wrong-place" }).range(from, line.to));
      return Decoration.set(marks);
    },
    update: (marks, change) => (change.docChanged ? Decoration.none : marks),
    provide: (field) => EditorView.decorations.from(field),
  });
  // What hides, or turns the direction of what follows, is shown and does so to itself alone: a statement runs as it reads.
  const SLY = /[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
  const slyIn = (state) =>
    Decoration.set(
      [...state.doc.toString().matchAll(SLY)].map(({ index }) => Decoration.mark({ class: "sly" }).range(index, index + 1)),
    );
  const sly = StateField.define({
    create: slyIn,
    update: (marks, change) => (change.docChanged ? slyIn(change.state) : marks),
    provide: (field) => EditorView.decorations.from(field),
  });
  const run = () => (area.form.requestSubmit(), true);
  // Where typing replaces a selection, Chromium would keep its looks by style attributes, which the page's policy blocks.
  const replaced = (event, editor) => {
    const { from, to, empty } = editor.state.selection.main;
    const text = event.inputType.startsWith("deleteContent") ? "" : event.inputType === "insertText" ? event.data : null;
    if (empty || text === null || event.isComposing || !event.cancelable) return false;
    const insert = () => editor.state.update(editor.state.replaceSelection(text), { scrollIntoView: true, userEvent: text ? "input.type" : "delete.selection" });
    if (!text || !editor.state.facet(EditorView.inputHandler).some((handle) => handle(editor, from, to, text, insert))) editor.dispatch(insert());
    return true;
  };
  // The example is selected as a whole when one first comes to it, so that typing replaces it.
  let example = "example" in area.dataset;
  const come = (editor) => {
    if (example) editor.dispatch({ selection: { anchor: 0, head: editor.state.doc.length } });
    example = false;
  };
  const host = document.createElement("div");
  host.className = "editor";
  area.after(host);
  const view = new EditorView({
    parent: host,
    state: EditorState.create({
      doc: area.value,
      extensions: [
        EditorView.cspNonce.of(nonce),
        CodeMirror.keymap.of([
          { key: "Mod-Enter", run },
          { key: "Tab", run: CodeMirror.acceptCompletion },
          ...CodeMirror.completionKeymap,
          { key: "Escape", run: (editor) => (editor.setTabFocusMode(true), false) },
          ...CodeMirror.closeBracketsKeymap,
          ...CodeMirror.historyKeymap,
          CodeMirror.indentWithTab,
          ...CodeMirror.defaultKeymap,
        ]),
        CodeMirror.lineNumbers(),
        CodeMirror.history(),
        CodeMirror.bracketMatching(),
        CodeMirror.closeBrackets(),
        CodeMirror.autocompletion({ override: [complete], icons: false, interactionDelay: 0 }),
        StreamLanguage.define({ ...cypher, tokenTable: table }),
        CodeMirror.syntaxHighlighting(colours),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({
          "aria-labelledby": "cypher_label", "aria-describedby": "editor_help", autocapitalize: "off", spellcheck: "false",
        }),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          area.value = update.state.doc.toString();
          area.dispatchEvent(new Event("input"));
          document.getElementById("example_help")?.remove();
          update.view.setTabFocusMode(false);
        }),
        EditorView.domEventHandlers({
          beforeinput: replaced,
          blur: (_, editor) => editor.setTabFocusMode(false),
          focus: (_, editor) => come(editor),
          mousedown: (_, editor) => example && (editor.focus(), true),
        }),
        wrong,
        sly,
      ],
    }),
  });
  area.hidden = true;
  area.required = false;
  document.getElementById("cypher_label").addEventListener("click", () => view.focus());
}

enhance(document.getElementById("cypher"), document.currentScript.nonce);
