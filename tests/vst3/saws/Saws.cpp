// A plain synthesiser that costs what one costs: sixteen voices of two saws, a filter and an envelope each.
// Alike in every run. The step of a saw is smoothed by the second-order polynomial of Välimäki and
// Huovilainen ("Antialiasing Oscillators in Subtractive Synthesis", 2007); the filter is a one-pole low-pass.
#include <cmath>

#include "DistrhoPlugin.hpp"

START_NAMESPACE_DISTRHO

enum { kCutoff, kRelease, kCount };

struct Voice {
    int key = -1;
    bool held = false;
    float phase[2] = {0.0f, 0.0f}, step[2] = {0.0f, 0.0f}, level = 0.0f, goal = 0.0f, low[2] = {0.0f, 0.0f};
    uint64_t born = 0;
};

class Saws : public Plugin {
    static constexpr int kVoices = 16;
    float values[kCount] = {0.5f, 0.2f};
    Voice voices[kVoices];
    uint64_t born = 0;

public:
    Saws() : Plugin(kCount, 0, 0) {}

protected:
    const char* getLabel() const override { return "SempreSaws"; }
    const char* getMaker() const override { return "Sempre"; }
    const char* getLicense() const override { return "GPL-3.0-or-later"; }
    uint32_t getVersion() const override { return d_version(1, 0, 0); }
    int64_t getUniqueId() const override { return d_cconst('S', 'm', 'p', 'S'); }

    void initParameter(uint32_t index, Parameter& parameter) override {
        static const char* const names[kCount] = {"cutoff", "release"};
        parameter.hints = kParameterIsAutomatable;
        parameter.name = parameter.symbol = names[index];
        parameter.ranges.min = 0.0f;
        parameter.ranges.max = 1.0f;
        parameter.ranges.def = values[index];
    }
    float getParameterValue(uint32_t index) const override { return values[index]; }
    void setParameterValue(uint32_t index, float value) override { values[index] = value; }

    static float saw(float& phase, float step) {
        phase += step;
        if (phase >= 1.0f) phase -= 1.0f;
        float value = 2.0f * phase - 1.0f;
        if (phase < step) {
            const float t = phase / step;
            value -= t + t - t * t - 1.0f;
        } else if (phase > 1.0f - step) {
            const float t = (phase - 1.0f) / step;
            value -= t * t + t + t + 1.0f;
        }
        return value;
    }

    void strike(int key, float velocity) {
        Voice* chosen = &voices[0];
        for (Voice& one : voices) {
            if (one.key < 0) { chosen = &one; break; }
            if (one.held == chosen->held ? one.born < chosen->born : !one.held) chosen = &one;
        }
        *chosen = Voice();
        chosen->key = key;
        chosen->held = true;
        chosen->goal = velocity * 0.1f;
        chosen->born = ++born;
        const float pitch = 440.0f * std::exp2((key - 69) / 12.0f) / float(getSampleRate());
        chosen->step[0] = pitch * 1.003f;
        chosen->step[1] = pitch * 0.997f;
    }

    void release(int key) {
        for (Voice& one : voices)
            if (one.key == key && one.held) one.held = false, one.goal = 0.0f;
    }

    void run(const float**, float** outputs, uint32_t frames, const MidiEvent* events, uint32_t count) override {
        const float rate = float(getSampleRate());
        const float open = 1.0f - std::exp(-6.2832f * (100.0f + 8000.0f * values[kCutoff]) / rate);
        const float rise = 1.0f - std::exp(-1.0f / (0.005f * rate));
        const float fall = 1.0f - std::exp(-1.0f / ((0.01f + values[kRelease]) * rate));
        uint32_t next = 0;
        for (uint32_t frame = 0; frame < frames; ++frame) {
            for (; next < count && events[next].frame <= frame; ++next) {
                const uint8_t* data = events[next].data;
                if ((data[0] & 0xF0) == 0x90 && data[2] > 0) strike(data[1], data[2] / 127.0f);
                else if ((data[0] & 0xF0) == 0x80 || (data[0] & 0xF0) == 0x90) release(data[1]);
                else if (data[0] == 0xB0 && data[1] == 120) for (Voice& one : voices) one = Voice();
            }
            float sums[2] = {0.0f, 0.0f};
            for (Voice& one : voices) {
                if (one.key < 0) continue;
                one.level += (one.goal - one.level) * (one.held ? rise : fall);
                if (!one.held && one.level < 1e-5f) { one.key = -1; continue; }
                for (int side = 0; side < 2; ++side) {
                    one.low[side] += (saw(one.phase[side], one.step[side]) - one.low[side]) * open;
                    sums[side] += one.low[side] * one.level;
                }
            }
            outputs[0][frame] = sums[0];
            outputs[1][frame] = sums[1];
        }
    }
};

Plugin* createPlugin() { return new Saws(); }

END_NAMESPACE_DISTRHO
