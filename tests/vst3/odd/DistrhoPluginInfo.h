// Plugins that are not made as hosts expect; which one it is, is said by ODD when it is compiled.
#pragma once

#define MONO 1  // an instrument of one channel
#define NARROW 2  // an effect of one channel
#define DEAF 3  // sounds by itself: it takes no notes
#define LATE 4  // an effect that says that it is ten seconds late, and is not late at all
#define MANY 5  // an instrument with 2,000 parameters

#define DISTRHO_PLUGIN_BRAND "Sempre"
#define DISTRHO_PLUGIN_NAME ODD_NAME
#define DISTRHO_PLUGIN_URI "urn:sempre:odd:" ODD_NAME
#define DISTRHO_PLUGIN_HAS_UI 0
#define DISTRHO_PLUGIN_IS_RT_SAFE 1
#if ODD == MONO || ODD == MANY
#define DISTRHO_PLUGIN_IS_SYNTH 1
#endif
#if ODD == NARROW
#define DISTRHO_PLUGIN_NUM_INPUTS 1
#define DISTRHO_PLUGIN_NUM_OUTPUTS 1
#elif ODD == LATE
#define DISTRHO_PLUGIN_NUM_INPUTS 2
#define DISTRHO_PLUGIN_NUM_OUTPUTS 2
#define DISTRHO_PLUGIN_WANT_LATENCY 1
#elif ODD == MONO
#define DISTRHO_PLUGIN_NUM_INPUTS 0
#define DISTRHO_PLUGIN_NUM_OUTPUTS 1
#else
#define DISTRHO_PLUGIN_NUM_INPUTS 0
#define DISTRHO_PLUGIN_NUM_OUTPUTS 2
#endif
