// Block Kit as DOM nodes. `use(action_id, chosen)` is told when somebody uses an element.

import { element, mrkdwn } from "./mrkdwn.js";

const text = (object, names) =>
  object.type === "plain_text" ? [element("p", {}, object.text)] : mrkdwn(object.text, names);

function button(spec, use) {
  const style = spec.style ? `press ${spec.style}` : "press";
  const label = { "aria-label": spec.accessibility_label, "data-action": spec.action_id };
  if (spec.url) {
    return element("a", { class: style, href: spec.url, target: "_blank", rel: "noreferrer", ...label }, spec.text.text);
  }
  return element(
    "button",
    { type: "button", class: style, onclick: () => use(spec.action_id), ...label },
    spec.text.text,
  );
}

// A field of a form tells nobody until the form is submitted, and keeps its choice until then.
const onSubmit = () => {};

function select(spec, use) {
  const first = spec.initial_option?.value;
  const options = (spec.options ?? []).map((option) =>
    element("option", { value: option.value, selected: option.value === first }, option.text.text),
  );
  const hint = spec.placeholder?.text ?? "Choose…";
  return element(
    "select",
    {
      class: "menu",
      "aria-label": hint,
      "data-action": spec.action_id,
      name: spec.action_id,
      onchange: (event) => {
        use(spec.action_id, event.target.value);
        if (!first && use !== onSubmit) event.target.value = "";
      },
    },
    ...(first ? [] : [element("option", { value: "", selected: true, disabled: true, hidden: true }, hint)]),
    ...options,
  );
}

function choices(spec, use, kind) {
  const begun = new Set(
    (spec.initial_options ?? (spec.initial_option ? [spec.initial_option] : [])).map((one) => one.value),
  );
  const group = element("div", { class: "choices", "data-action": spec.action_id });
  const chosen = () => [...group.querySelectorAll("input:checked")].map((box) => box.value);
  for (const option of spec.options) {
    group.append(
      element(
        "label",
        {},
        element("input", {
          type: kind,
          name: spec.action_id + (kind === "radio" ? "" : option.value),
          value: option.value,
          checked: begun.has(option.value),
          onchange: () => use(spec.action_id, kind === "radio" ? chosen()[0] : chosen()),
        }),
        element("span", {}, option.text.text),
      ),
    );
  }
  return group;
}

function date(spec, use) {
  return element("input", {
    type: "date",
    class: "menu",
    "aria-label": spec.placeholder?.text ?? "Date",
    "data-action": spec.action_id,
    value: spec.initial_date ?? "",
    onchange: (event) => use(spec.action_id, event.target.value),
  });
}

function typed(spec) {
  const shared = {
    "data-action": spec.action_id,
    placeholder: spec.placeholder?.text,
    maxlength: spec.max_length,
  };
  if (spec.type === "number_input") {
    return element("input", { type: "number", min: spec.min_value, max: spec.max_value, ...shared });
  }
  return spec.multiline ? element("textarea", { rows: 7, ...shared }) : element("input", { type: "text", ...shared });
}

function feedback(spec, use) {
  const side = (one, sign, chosen) =>
    element(
      "button",
      { type: "button", class: "thumb", "aria-label": one.accessibility_label ?? one.text.text, title: one.text.text, onclick: () => use(spec.action_id, chosen) },
      sign,
    );
  return element(
    "span",
    { class: "feedback", "data-action": spec.action_id },
    side(spec.positive_button, "👍", "positive"),
    side(spec.negative_button, "👎", "negative"),
  );
}

const ELEMENTS = {
  button,
  static_select: select,
  checkboxes: (spec, use) => choices(spec, use, "checkbox"),
  radio_buttons: (spec, use) => choices(spec, use, "radio"),
  datepicker: date,
  plain_text_input: typed,
  number_input: typed,
  feedback_buttons: feedback,
};

function drawn(spec, use) {
  const draw = ELEMENTS[spec.type];
  return draw ? draw(spec, use) : element("span", { class: "unknown" }, `This page does not draw ${spec.type}.`);
}

function rich(parts, names) {
  return parts.map((part) => {
    if (part.type === "text") {
      let node = document.createTextNode(part.text);
      if (part.style?.code) node = element("code", {}, node);
      if (part.style?.bold) node = element("strong", {}, node);
      if (part.style?.italic) node = element("em", {}, node);
      return node;
    }
    if (part.type === "user") return element("span", { class: "mention" }, `@${names[part.user_id] ?? "someone"}`);
    if (part.type === "link") return element("a", { href: part.url, target: "_blank", rel: "noreferrer" }, part.text ?? part.url);
    return "";
  });
}

const RICH = { rich_text_quote: "blockquote", rich_text_preformatted: "pre", rich_text_section: "p" };

const RENDERERS = {
  header: (block) => element("h3", {}, block.text.text),
  divider: () => element("hr"),
  section: (block, names, use) => {
    const words = element("div", { class: "words" }, ...(block.text ? text(block.text, names) : []));
    if (block.fields) {
      const fields = block.fields.map((field) => element("div", {}, ...text(field, names)));
      words.append(element("div", { class: "fields" }, ...fields));
    }
    const accessory = block.accessory ? element("div", { class: "accessory" }, drawn(block.accessory, use)) : null;
    return element("div", { class: "section" }, words, accessory);
  },
  context: (block, names) =>
    element(
      "div",
      { class: "context" },
      ...block.elements.map((item) => element("div", {}, ...text(item, names))),
    ),
  actions: (block, names, use) =>
    element("div", { class: "actions" }, ...block.elements.map((item) => drawn(item, use))),
  context_actions: (block, names, use) =>
    element("div", { class: "actions quiet" }, ...block.elements.map((item) => drawn(item, use))),
  input: (block, names, use, errors) => {
    const control = drawn(block.element, onSubmit);
    const grouped = control.classList.contains("choices");
    const label = element(grouped ? "legend" : "span", { class: "label" }, block.label.text, block.optional ? element("em", {}, " (optional)") : "");
    const parts = [label, control];
    if (errors?.[block.block_id]) parts.push(element("p", { class: "wrong", role: "alert" }, errors[block.block_id]));
    if (block.hint) parts.push(element("p", { class: "help" }, block.hint.text));
    return element(grouped ? "fieldset" : "label", { class: "field", "data-block": block.block_id }, ...parts);
  },
  markdown: (block, names) => element("div", {}, ...mrkdwn(block.text.replaceAll("**", "*"), names)),
  task_card: (block) =>
    element(
      "div",
      { class: `task ${block.status}`, "data-task": block.task_id },
      element("span", { class: "sign", "aria-hidden": "true" }, { complete: "✓", error: "!" }[block.status] ?? "…"),
      element("span", {}, block.title),
    ),
  rich_text: (block, names) =>
    element(
      "div",
      {},
      ...block.elements.map((part) =>
        part.type === "rich_text_list"
          ? element("ul", {}, ...part.elements.map((item) => element("li", {}, ...rich(item.elements, names))))
          : element(RICH[part.type] ?? "p", {}, ...rich(part.elements, names)),
      ),
    ),
};

export function blocks(list, names, use, errors) {
  const nodes = list.map((block) => {
    const render = RENDERERS[block.type];
    return render
      ? render(block, names, use, errors)
      : element("p", { class: "unknown" }, `This page does not draw ${block.type} blocks.`);
  });
  return element("div", { class: "blocks" }, ...nodes);
}

// What somebody entered in a form, by block id; empty fields are left out.
export function entered(form, view) {
  const values = {};
  for (const block of view.blocks.filter((one) => one.type === "input")) {
    const field = form.querySelector(`[data-block="${CSS.escape(block.block_id)}"]`);
    const checked = [...field.querySelectorAll("input:checked")].map((box) => box.value);
    if (block.element.type === "checkboxes") values[block.block_id] = checked;
    else if (block.element.type === "radio_buttons") values[block.block_id] = checked[0] ?? null;
    else values[block.block_id] = field.querySelector("input, textarea, select")?.value || null;
  }
  return values;
}
