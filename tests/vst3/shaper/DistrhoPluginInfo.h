// What kind of plugin the effect of the tests is: no window, two inputs, two outputs, and it says how late it is.
#pragma once

#define DISTRHO_PLUGIN_BRAND "Sempre"
#define DISTRHO_PLUGIN_NAME "Sempre Shaper"
#define DISTRHO_PLUGIN_URI "urn:sempre:shaper"
#define DISTRHO_PLUGIN_HAS_UI 0
#define DISTRHO_PLUGIN_IS_RT_SAFE 1
#define DISTRHO_PLUGIN_NUM_INPUTS 2
#define DISTRHO_PLUGIN_NUM_OUTPUTS 2
#define DISTRHO_PLUGIN_WANT_LATENCY 1
