// Lets a reader of /docs send a request of their own: chosen from the table, filled with the document's example.
"use strict";
const form = document.getElementById("try");
const answer = document.getElementById("answer");
const shipped = fetch("/v1/openapi.json").then((got) => got.json());

document.addEventListener("click", async (event) => {
  const chosen = event.target.closest("button[data-path]");
  if (!chosen) return;
  const { method, path } = chosen.dataset;
  const content = (await shipped).paths[path][method].requestBody?.content ?? {};
  form.elements.method.value = method.toUpperCase();
  form.elements.path.value = path;
  form.elements.body.value = content["application/json"] ? JSON.stringify(content["application/json"].example, null, 2) : "";
  answer.textContent = "";
  form.hidden = false;
  form.scrollIntoView();
  form.elements.path.focus();
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { method, path, key, movement, body } = form.elements;
  const headers = {};
  if (key.value) headers.authorization = "Bearer " + key.value;
  if (movement.value) headers["backbone-movement"] = movement.value;
  if (body.value) headers["content-type"] = "application/json";
  const options = { method: method.value, headers };
  if (body.value && method.value !== "GET") options.body = body.value;
  answer.textContent = "…";
  try {
    const got = await fetch(path.value, options);
    const text = await got.text();
    const told = ["backbone-position", "backbone-request-id", "etag", "ratelimit", "retry-after"];
    const lines = told.filter((name) => got.headers.has(name)).map((name) => name + ": " + got.headers.get(name));
    let shown = text;
    try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { /* it is no JSON: as it came */ }
    answer.textContent = [got.status + " " + got.statusText, ...lines, "", shown].join("\n");
  } catch (trouble) {
    answer.textContent = String(trouble);
  }
});
