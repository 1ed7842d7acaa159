// Gives each figure a button that swaps its drawing for an interactive chart. Without
// JavaScript, or where plotly.js cannot be had, the drawing simply stays.
(function () {
  "use strict";
  var me = document.currentScript;
  var loading = null;
  var waiting = {};
  var themes = { light: {"layout":{"font":{"family":"system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif","size":13.0,"color":"#1d2329"},"paper_bgcolor":"rgba(0,0,0,0)","plot_bgcolor":"rgba(0,0,0,0)","xaxis":{"tickcolor":"#1d2329","showline":true,"linecolor":"#1d2329","gridcolor":"rgba(29,35,41,.13)","zerolinecolor":"#1d2329"},"yaxis":{"tickcolor":"#1d2329","showline":true,"linecolor":"#1d2329","gridcolor":"rgba(29,35,41,.13)","zerolinecolor":"#1d2329"}},"data":{}}, dark: {"layout":{"font":{"family":"system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif","size":13.0,"color":"#e4e7ea"},"paper_bgcolor":"rgba(0,0,0,0)","plot_bgcolor":"rgba(0,0,0,0)","xaxis":{"tickcolor":"#e4e7ea","showline":true,"linecolor":"#e4e7ea","gridcolor":"rgba(228,231,234,.13)","zerolinecolor":"#e4e7ea"},"yaxis":{"tickcolor":"#e4e7ea","showline":true,"linecolor":"#e4e7ea","gridcolor":"rgba(228,231,234,.13)","zerolinecolor":"#e4e7ea"}},"data":{}} };

  // A page opened from a disk may load scripts and nothing else, so data comes as one.
  window.reproFigure = function (name, chart) { waiting[name](chart); };

  function chartOf(figure) {
    return new Promise(function (resolve, reject) {
      var tag = document.createElement("script");
      tag.src = figure.dataset.chart;
      waiting[figure.dataset.chart] = resolve;
      tag.onerror = function () { reject(new Error("no data")); };
      document.head.appendChild(tag);
    });
  }

  // A copy of the chart in the colours of the page.
  function coloured(figure, chart) {
    var ink = getComputedStyle(figure).color;
    var dark = matchMedia("(prefers-color-scheme: dark)").matches;
    chart = JSON.parse(JSON.stringify(chart).split("currentColor").join(ink));
    chart.layout.template = dark ? themes.dark : themes.light;
    return chart;
  }

  function nameOf(figure) { return figure.id.replace(/^fig-/, ""); }

  function plotly() {
    if (window.Plotly) return Promise.resolve(window.Plotly);
    if (loading) return loading;
    loading = new Promise(function (resolve, reject) {
      var tag = document.createElement("script");
      tag.src = me.dataset.plotly;
      tag.onload = function () {
        if (window.Plotly) resolve(window.Plotly);
        else reject(new Error("no Plotly"));
      };
      tag.onerror = function () { loading = null; reject(new Error("not loaded")); };
      document.head.appendChild(tag);
    });
    return loading;
  }

  // Ticks are those of the still drawing until a reader zooms; then plotly.js finds its own.
  function freeTicks(room, layout, lib) {
    room.on("plotly_relayout", function (change) {
      var update = {};
      Object.keys(change).forEach(function (key) {
        var part = /^([xy]axis\d*)\.(range|autorange)/.exec(key);
        if (!part) return;
        var first = layout[part[1]].range, now = room.layout[part[1]].range;
        var same = first && now && first[0] === now[0] && first[1] === now[1];
        update[part[1] + ".tickmode"] = same ? "array" : "auto";
      });
      if (Object.keys(update).length) lib.relayout(room, update);
    });
  }

  // The stages of learning that a figure's traces belong to, in the order in which they are drawn.
  function stagesOf(figure) {
    var names = Array.from(figure.querySelectorAll(".still [data-stage]"))
      .map(function (g) { return g.dataset.stage; });
    return names.filter(function (n, i) { return names.indexOf(n) === i; });
  }

  // How much of a stage is seen when the reader is at another: what is past faintly, what is to
  // come not at all.
  function seen(stage, stages, at) {
    if (at >= stages.length) return 1;
    var i = stages.indexOf(stage);
    return i < 0 || i === at ? 1 : i < at ? .3 : 0;
  }

  function stageOfTrace(trace) {
    var found = /^stage: (.*)$/.exec(trace.meta || "");
    return found && found[1];
  }

  function showStage(figure, stages) {
    var control = figure.querySelector(".stages input");
    if (!control) return;
    var at = Number(control.value);
    figure.querySelectorAll("[data-stage]").forEach(function (g) {
      g.style.opacity = seen(g.dataset.stage, stages, at);
    });
    var live = figure.querySelector(".live");
    if (live && live.data && window.Plotly) {
      window.Plotly.restyle(live, {
        opacity: live.data.map(function (trace) {
          return seen(stageOfTrace(trace), stages, at);
        })
      });
    }
  }

  // A control to go through the stages by pointer or keyboard; it starts where all are shown.
  function addStages(figure) {
    var stages = stagesOf(figure);
    if (stages.length < 2) return;
    var id = "stages-" + nameOf(figure);
    var names = stages.concat("all");
    var room = document.createElement("div");
    room.className = "stages";
    var label = document.createElement("label");
    label.htmlFor = id;
    label.textContent = "Stage";
    var control = document.createElement("input");
    control.id = id;
    control.type = "range";
    control.min = "0";
    control.max = String(stages.length);
    control.step = "1";
    control.value = String(stages.length);
    var said = document.createElement("output");
    said.htmlFor = id;
    var steps = document.createElement("div");
    steps.className = "steps";
    steps.setAttribute("aria-hidden", "true");
    names.forEach(function (name) {
      var step = document.createElement("span");
      step.textContent = name;
      steps.append(step);
    });
    function update() {
      var name = names[Number(control.value)];
      control.setAttribute("aria-valuetext", name);
      said.textContent = name;
      showStage(figure, stages);
    }
    control.addEventListener("input", update);
    var track = document.createElement("div");
    track.className = "track";
    track.append(control, steps);
    room.append(label, track, said);
    figure.querySelector("figcaption").before(room);
    update();
  }

  function draw(figure, chart, lib) {
    var still = figure.querySelector(".still");
    var narrow = figure.querySelector(".narrow").getBoundingClientRect();
    var wide = still.getBoundingClientRect();
    var box = wide.width ? wide : narrow;
    chart = coloured(figure, chart);
    var room = document.createElement("div");
    room.className = "live";
    still.after(room);
    var first = JSON.parse(JSON.stringify(chart.layout));
    Object.assign(chart.layout, {
      width: box.width, height: Math.max(360, box.height), hovermode: "closest"
    });
    return Promise.resolve(lib.newPlot(room, chart.data, chart.layout, {
      displaylogo: false, toImageButtonOptions: { format: "png", filename: nameOf(figure), scale: 2 }
    })).then(function () {
      if (room.on) freeTicks(room, first, lib);
      figure.classList.add("is-live");
      showStage(figure, stagesOf(figure));
    }, function (e) { room.remove(); throw e; });
  }

  // A drawing that is a file of its own may not be painted onto a canvas by a page opened from a
  // disk; plotly.js makes the picture of the same figure.
  function savePngOfFile(figure) {
    return Promise.all([chartOf(figure), plotly()]).then(function (both) {
      var chart = coloured(figure, both[0]);
      chart.layout.paper_bgcolor = getComputedStyle(document.body).backgroundColor;
      return both[1].downloadImage(chart, {
        format: "png", filename: nameOf(figure), scale: 2,
        width: chart.layout.width, height: chart.layout.height
      });
    });
  }

  // The still drawing as a picture of dots, twice its size, on the page's background.
  function savePng(figure) {
    var svg = figure.querySelector(".still svg");
    if (!svg) return savePngOfFile(figure);
    var box = svg.viewBox.baseVal;
    var copy = svg.cloneNode(true);
    copy.setAttribute("width", box.width);
    copy.setAttribute("height", box.height);
    var picture = new Image();
    picture.onload = function () {
      var canvas = document.createElement("canvas");
      canvas.width = 2 * box.width;
      canvas.height = 2 * box.height;
      var pen = canvas.getContext("2d");
      pen.fillStyle = getComputedStyle(document.body).backgroundColor;
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
      var link = document.createElement("a");
      link.download = nameOf(figure) + ".png";
      link.href = canvas.toDataURL("image/png");
      link.click();
    };
    picture.src = "data:image/svg+xml;charset=utf-8," +
      encodeURIComponent(new XMLSerializer().serializeToString(copy));
    return Promise.resolve();
  }

  document.querySelectorAll("figure.chart").forEach(function (figure) {
    if (!figure.dataset.chart) return;
    addStages(figure);
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = "Interactive";
    button.title = "Zoom and read values (loads plotly.js)";
    button.addEventListener("click", function () {
      var live = figure.querySelector(".live");
      if (live) {
        live.remove();
        figure.classList.remove("is-live");
        button.textContent = "Interactive";
        return;
      }
      button.disabled = true;
      Promise.all([chartOf(figure), plotly()]).then(function (both) {
        return draw(figure, both[0], both[1]);
      }).then(function () {
        button.textContent = "Still image";
      }, function () {
        button.textContent = "plotly.js could not be loaded; try again";
      }).then(function () { button.disabled = false; });
    });
    figure.querySelector(".tools").prepend(button);
    var png = document.createElement("button");
    png.type = "button";
    png.textContent = "PNG";
    png.title = "Save the drawing as PNG";
    png.addEventListener("click", function () {
      savePng(figure).catch(function () {
        png.textContent = "PNG could not be made: plotly.js did not load";
      });
    });
    figure.querySelector(".tools").append(png);
  });
})();
