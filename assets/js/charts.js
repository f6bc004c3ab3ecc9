// SPDX-License-Identifier: Apache-2.0
// What of ECharts our charts use; esbuild drops the rest.
import { use, init } from 'echarts/core';
import { BarChart } from 'echarts/charts';
import {
  AriaComponent, DataZoomComponent, GridComponent, LegendComponent, TooltipComponent,
} from 'echarts/components';
import { CanvasRenderer } from 'echarts/renderers';

use([BarChart, AriaComponent, DataZoomComponent, GridComponent, LegendComponent,
  TooltipComponent, CanvasRenderer]);

window.jinweiCharts = { init };
