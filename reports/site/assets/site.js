// Filters, searches and sorts the index's cards and the ledger's rows. Without JavaScript all of
// them are there, in the order of the papers.
(function () {
  "use strict";

  function element(name, attributes, text) {
    var made = document.createElement(name);
    Object.keys(attributes || {}).forEach(function (key) {
      made.setAttribute(key, attributes[key]);
    });
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function distinct(values) {
    return values.filter(function (v, i) { return v && values.indexOf(v) === i; });
  }

  function labelled(bar, text, control) {
    control.id = "filter-" + text.toLowerCase();
    var pair = element("span");
    pair.append(element("label", { "for": control.id }, text), control);
    bar.append(pair);
    return control;
  }

  function choice(bar, text, values, first) {
    var select = element("select");
    if (first) select.append(element("option", { value: "" }, first));
    values.forEach(function (v) {
      var pair = Array.isArray(v) ? v : [v, v];
      select.append(element("option", { value: pair[0] }, pair[1]));
    });
    return labelled(bar, text, select);
  }

  // Numbers by size, with true minus and thousands apart; other text by the alphabet; what is
  // absent last.
  function key(text) {
    var plain = text.replace(/,/g, "").replace(/−/g, "-").replace(/^[≥≤] /, "").trim();
    var number = parseFloat(plain);
    if (plain === "" || plain === "–") return { absent: true };
    return isNaN(number) ? { text: plain } : { number: number };
  }

  function compare(a, b, down) {
    if (a.absent || b.absent) return (a.absent ? 1 : 0) - (b.absent ? 1 : 0);
    var sign = down ? -1 : 1;
    if (a.number !== undefined && b.number !== undefined) return sign * (a.number - b.number);
    if (a.number !== undefined) return -sign;
    if (b.number !== undefined) return sign;
    return sign * a.text.localeCompare(b.text, "en");
  }

  function sorted(list, keyOf, down) {
    return list.map(function (it, i) { return { it: it, key: keyOf(it), i: i }; })
      .sort(function (a, b) { return compare(a.key, b.key, down) || a.i - b.i; })
      .map(function (entry) { return entry.it; });
  }

  function toolbar(room, what) {
    var bar = element("div", { "class": "filters", role: "search", "aria-label": what });
    var search = labelled(bar, "Search", element("input", { type: "search" }));
    room.before(bar);
    var status = element("p", { "class": "meta", role: "status" });
    room.before(status);
    return { bar: bar, search: search, status: status };
  }

  function show(list, isShown, status, noun) {
    var n = 0;
    list.forEach(function (it) {
      it.hidden = !isShown(it);
      if (!it.hidden) n++;
    });
    status.textContent = n === list.length
      ? "All " + n + " " + noun + "." : n + " of " + list.length + " " + noun + ".";
  }

  // A number is found with its thousands apart and without.
  function plain(text) {
    return text.toLowerCase().replace(/(\d),(?=\d{3})/g, "$1");
  }

  function holds(text, search) {
    var wanted = plain(search.value).split(/\s+/);
    return wanted.every(function (w) { return text.indexOf(w) >= 0; });
  }

  function cards(room) {
    var list = Array.from(room.querySelectorAll(".card"));
    var tools = toolbar(room, "Filter results");
    var of = function (name) {
      return distinct(list.map(function (c) { return c.dataset[name]; }));
    };
    var filters = {
      paper: choice(tools.bar, "Paper", of("paper"), "any"),
      verdict: choice(tools.bar, "Verdict", of("verdict"), "any"),
      kind: choice(tools.bar, "Kind", of("kind"), "any")
    };
    var order = choice(tools.bar, "Sort", [
      ["", "as in the paper"], ["verdict", "by verdict"], ["date", "latest first"],
      ["cost", "most costly first"], ["seeds", "most seeds first"]
    ]);

    function update() {
      show(list, function (card) {
        return holds(plain(card.textContent), tools.search) &&
          Object.keys(filters).every(function (name) {
            return filters[name].value === "" || card.dataset[name] === filters[name].value;
          });
      }, tools.status, "results");
      room.querySelectorAll(".group").forEach(function (group) {
        var into = group.querySelector(".card-list");
        var own = list.filter(function (card) { return into.contains(card); });
        group.hidden = own.every(function (card) { return card.hidden; });
        var name = order.value;
        var inOrder = name === "" ? own : sorted(own, function (card) {
          var value = card.dataset[name];
          return name === "date" ? key(value.replace(/-/g, "")) : key(value);
        }, name !== "verdict");
        inOrder.forEach(function (card) { into.append(card); });
      });
    }

    tools.bar.addEventListener("input", update);
    update();
  }

  function rows(room) {
    var table = room.querySelector("table");
    var body = table.tBodies[0];
    var list = Array.from(body.rows);
    var names = Array.from(table.tHead.rows[0].cells).map(function (c) { return c.textContent; });
    var texts = new Map(list.map(function (r) { return [r, plain(r.textContent)]; }));
    var noun = room.dataset.noun || "values";
    var tools = toolbar(room, "Filter " + noun);
    var at = function (row, name) { return row.cells[names.indexOf(name)].textContent; };
    var filters = {};
    ["Item", "Scale", "Verdict", "Kind", "Namespace"].filter(function (name) {
      return names.indexOf(name) >= 0;
    }).forEach(function (name) {
      var values = distinct(list.map(function (r) { return at(r, name); }))
        .filter(function (v) { return v !== "–"; });
      filters[name] = choice(tools.bar, name, values, "any");
    });

    function update() {
      show(list, function (row) {
        return holds(texts.get(row), tools.search) &&
          Object.keys(filters).every(function (name) {
            return filters[name].value === "" || at(row, name) === filters[name].value;
          });
      }, tools.status, noun);
    }

    Array.from(table.tHead.rows[0].cells).forEach(function (cell, i) {
      if (cell.textContent === "Link") return;
      var button = element("button", { type: "button" }, cell.textContent);
      cell.replaceChildren(button);
      button.addEventListener("click", function () {
        var down = cell.getAttribute("aria-sort") === "ascending";
        table.querySelectorAll("th").forEach(function (th) { th.removeAttribute("aria-sort"); });
        cell.setAttribute("aria-sort", down ? "descending" : "ascending");
        sorted(list, function (row) { return key(row.cells[i].textContent); }, down)
          .forEach(function (row) { body.append(row); });
      });
    });

    tools.bar.addEventListener("input", update);
    update();
  }

  document.querySelectorAll("[data-filter=cards]").forEach(cards);
  document.querySelectorAll("[data-filter=rows]").forEach(rows);
})();
