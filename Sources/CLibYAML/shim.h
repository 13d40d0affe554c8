// libyaml: events with start and end marks.
#include <yaml.h>
