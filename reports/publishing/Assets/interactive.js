// Gives each figure a button that swaps its drawing for an interactive chart. Without
// JavaScript, or where plotly.js cannot be had, the drawing simply stays.
(function () {
  "use strict";
  var me = document.currentScript;
  var loading = null;
  var waiting = {};

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

  function plotly() {
    if (window.Plotly) return Promise.resolve(window.Plotly);
    if (loading) return loading;
    loading = new Promise(function (resolve, reject) {
      var tag = document.createElement("script");
      tag.src = me.dataset.plotly;
      if (me.dataset.integrity) {
        tag.integrity = me.dataset.integrity;
        tag.crossOrigin = "anonymous";
      }
      tag.onload = function () {
        if (window.Plotly) resolve(window.Plotly);
        else reject(new Error("no Plotly"));
      };
      tag.onerror = function () { loading = null; reject(new Error("not loaded")); };
      document.head.appendChild(tag);
    });
    return loading;
  }

  function draw(figure, chart, lib) {
    var still = figure.querySelector(".still");
    var ink = getComputedStyle(figure).color;
    chart = JSON.parse(JSON.stringify(chart).split("currentColor").join(ink));
    var shown = [still, figure.querySelector(".narrow")];
    var height = Math.max.apply(null, [360].concat(
      shown.map(function (s) { return s ? s.getBoundingClientRect().height : 0; })));
    var room = document.createElement("div");
    room.className = "live";
    still.after(room);
    Object.assign(chart.layout, {
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", height: height,
      font: { color: ink, family: getComputedStyle(figure.querySelector(".tools")).fontFamily },
      modebar: { bgcolor: "rgba(0,0,0,0)", color: "rgba(128,128,128,.8)", activecolor: ink },
      legend: { orientation: "h", y: 1.02, yanchor: "bottom" }, margin: { t: 70, r: 20 }
    });
    Object.keys(chart.layout).forEach(function (key) {
      if (/^[xy]axis/.test(key)) chart.layout[key].gridcolor = "rgba(128,128,128,.25)";
    });
    return Promise.resolve(
      lib.newPlot(room, chart.data, chart.layout, { responsive: true, displaylogo: false })
    ).then(function () { figure.classList.add("is-live"); },
      function (e) { room.remove(); throw e; });
  }

  document.querySelectorAll("figure.chart").forEach(function (figure) {
    if (!figure.dataset.chart) return;
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
  });
})();
