// Its window: a click sets the level, from 0 at the left edge to 1 at the right; below the middle it crashes.
#include <X11/Xlib.h>

#include <csignal>

#include "DistrhoUI.hpp"

START_NAMESPACE_DISTRHO

static constexpr uint kWidth = 200, kHeight = 100;

class Face : public UI {
    Display* const display;
    ::Window window = 0;

public:
    Face() : UI(kWidth, kHeight), display(XOpenDisplay(nullptr)) {
        if (display == nullptr) return;
        window = XCreateSimpleWindow(display, getParentWindowHandle(), 0, 0, kWidth, kHeight, 0, 0, 0);
        XStoreName(display, window, "Sempre's face");
        XSelectInput(display, window, ButtonPressMask);
        XMapWindow(display, window);
        XFlush(display);
    }
    ~Face() override {
        if (display != nullptr) XCloseDisplay(display);
    }

protected:
    uintptr_t getNativeWindowHandle() const noexcept override { return window; }
    void parameterChanged(uint32_t, float) override {}
    void uiIdle() override {
        while (display != nullptr && XPending(display) > 0) {
            XEvent event;
            XNextEvent(display, &event);
            if (event.type != ButtonPress) continue;
            if (event.xbutton.y > int(kHeight) / 2) std::raise(SIGSEGV);
            editParameter(0, true);
            setParameterValue(0, float(event.xbutton.x) / kWidth);
            editParameter(0, false);
        }
    }
};

UI* createUI() { return new Face(); }

END_NAMESPACE_DISTRHO
