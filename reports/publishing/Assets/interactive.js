// Gives each figure a button that swaps its drawing for an interactive chart. Without
// JavaScript, or where plotly.js cannot be had, the drawing simply stays.
(function () {
  "use strict";
  var me = document.currentScript;
  var loading = null;
  var themes = { light: "LIGHT", dark: "DARK" };

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

  function draw(figure, data, lib) {
    var still = figure.querySelector(".still");
    var ink = getComputedStyle(figure).color;
    var dark = matchMedia("(prefers-color-scheme: dark)").matches;
    var chart = JSON.parse(data.textContent.split("currentColor").join(ink));
    var box = still.getBoundingClientRect();
    var room = document.createElement("div");
    room.className = "live";
    still.after(room);
    var first = JSON.parse(JSON.stringify(chart.layout));
    Object.assign(chart.layout, {
      template: dark ? themes.dark : themes.light,
      width: box.width, height: Math.max(360, box.height), hovermode: "closest"
    });
    var name = figure.id.replace(/^fig-/, "");
    return Promise.resolve(lib.newPlot(room, chart.data, chart.layout, {
      displaylogo: false, toImageButtonOptions: { format: "png", filename: name, scale: 2 }
    })).then(function () {
      if (room.on) freeTicks(room, first, lib);
      still.hidden = true;
    }, function (e) { room.remove(); throw e; });
  }

  // The still drawing as a picture of dots, twice its size, on the page's background.
  function savePng(figure) {
    var svg = figure.querySelector(".still svg");
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
      link.download = figure.id.replace(/^fig-/, "") + ".png";
      link.href = canvas.toDataURL("image/png");
      link.click();
    };
    picture.src = "data:image/svg+xml;charset=utf-8," +
      encodeURIComponent(new XMLSerializer().serializeToString(copy));
  }

  document.querySelectorAll("figure.chart").forEach(function (figure) {
    var data = figure.querySelector("script[type='application/json']");
    if (!data) return;
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = "Interactive";
    button.title = "Zoom and read values (loads plotly.js)";
    button.addEventListener("click", function () {
      var live = figure.querySelector(".live");
      if (live) {
        live.remove();
        figure.querySelector(".still").hidden = false;
        button.textContent = "Interactive";
        return;
      }
      button.disabled = true;
      plotly().then(function (lib) { return draw(figure, data, lib); }).then(function () {
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
    png.addEventListener("click", function () { savePng(figure); });
    figure.querySelector(".tools").append(png);
  });
})();
