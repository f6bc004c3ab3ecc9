/* SPDX-License-Identifier: Apache-2.0 */
/* Charts to explore: the table of a figure[data-chart] drawn by ECharts, which
 * is loaded when somebody asks for it. Without it the printed bars stay. */
(function () {
  'use strict';

  var ZOOM_FROM = 20, ROW_PX = 30, FRAME_PX = 90;
  var loading = null;

  function library(url) {
    if (!loading) {
      loading = new Promise(function (resolve, reject) {
        var script = document.createElement('script');
        script.src = url;
        script.onload = resolve;
        script.onerror = function () { loading = null; reject(new Error(url)); };
        document.head.appendChild(script);
      });
    }
    return loading;
  }

  function number(cell) {
    var value = parseFloat(cell.textContent.replace(/,/g, ''));
    return isNaN(value) ? null : value;
  }

  // The figures as they stand in the table; sums are left out.
  function read(figure) {
    var heads = [].slice.call(figure.querySelectorAll('thead th[data-fill]'));
    var colors = getComputedStyle(document.documentElement);
    var rows = [].slice.call(figure.querySelectorAll('tbody tr'));
    return {
      title: figure.querySelector('caption').textContent,
      names: rows.map(function (row) { return row.cells[0].textContent; }),
      series: heads.map(function (head, i) {
        return {
          name: head.dataset.name,
          color: colors.getPropertyValue('--chart-' + head.dataset.fill).trim(),
          values: rows.map(function (row) { return number(row.cells[i + 1]); }),
        };
      }),
    };
  }

  function total(data, row) {
    return data.series.reduce(function (sum, s) { return sum + (s.values[row] || 0); }, 0);
  }

  function options(data, sorted) {
    var order = data.names.map(function (name, i) { return i; });
    if (sorted) order.sort(function (a, b) { return total(data, b) - total(data, a) || a - b; });
    var many = order.length > ZOOM_FROM;
    return {
      animationDuration: 200,
      aria: { enabled: true, decal: { show: data.series.length > 1 }, label: { description: data.title } },
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 8, right: many ? 56 : 24, top: 36, bottom: 8, containLabel: true },
      legend: { show: data.series.length > 1, top: 4, left: 0 },
      // Drawn, not built of elements with a style of their own (CSP).
      tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, renderMode: 'richText', confine: true },
      dataZoom: many ? [
        { type: 'slider', yAxisIndex: 0, right: 8, width: 18, startValue: 0, endValue: ZOOM_FROM - 1 },
        { type: 'inside', yAxisIndex: 0, zoomOnMouseWheel: 'ctrl', moveOnMouseWheel: true },
      ] : [],
      xAxis: { type: 'value' },
      yAxis: { type: 'category', inverse: true, data: order.map(function (i) { return data.names[i]; }),
        axisLabel: { width: 140, overflow: 'truncate' } },
      series: data.series.map(function (s) {
        return { type: 'bar', name: s.name, stack: 'all', barMaxWidth: 22,
          itemStyle: { color: s.color, borderColor: '#857e75', borderWidth: 0.5 },
          emphasis: { focus: 'series' },
          data: order.map(function (i) { return s.values[i]; }) };
      }),
    };
  }

  function button(text, pressed) {
    var b = document.createElement('button');
    b.type = 'button';
    b.className = 'btn sm noprint';
    b.textContent = text;
    if (pressed !== undefined) b.setAttribute('aria-pressed', String(pressed));
    return b;
  }

  function explore(figure, open) {
    var data = read(figure), sorted = false;
    var box = document.createElement('div');
    box.className = 'echart noprint';
    box.setAttribute('role', 'img');
    box.setAttribute('aria-label', data.title);
    box.style.height = FRAME_PX + ROW_PX * Math.min(data.names.length, ZOOM_FROM) + 'px';
    figure.querySelector('.bars').before(box);
    figure.classList.add('exploring');
    var chart = window.jinweiCharts.init(box);
    chart.setOption(options(data, sorted));
    var resized = function () {
      if (document.body.contains(box)) chart.resize();
      else window.removeEventListener('resize', resized);
    };
    window.addEventListener('resize', resized);
    var sort = button('从多到少', false);
    sort.addEventListener('click', function () {
      sorted = !sorted;
      sort.setAttribute('aria-pressed', String(sorted));
      chart.setOption(options(data, sorted), true);
    });
    open.before(sort);
    open.textContent = '回到原图';
    open.onclick = function () {
      window.removeEventListener('resize', resized);
      chart.dispose();
      box.remove();
      sort.remove();
      figure.classList.remove('exploring');
      offer(figure, open);
    };
  }

  function offer(figure, open) {
    open.textContent = '细看';
    open.disabled = false;
    open.onclick = function () {
      open.disabled = true;
      library(figure.dataset.library).then(function () {
        open.disabled = false;
        explore(figure, open);
      }, function () {
        open.disabled = false;
        open.textContent = '没能打开，再试一次';
      });
    };
  }

  function enhance() {
    document.querySelectorAll('figure[data-chart]').forEach(function (figure) {
      if (figure.dataset.ready) return;
      figure.dataset.ready = '1';
      var open = button('细看');
      figure.querySelector('figcaption').appendChild(open);
      offer(figure, open);
    });
  }

  enhance();
  document.addEventListener('htmx:afterSettle', enhance);
}());
