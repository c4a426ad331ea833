#!/bin/sh
# natplan route agent: keeps the static routes of one Kubernetes node equal to a list mounted from a ConfigMap.
#
#   route-agent.sh [run]   look, repair, sleep, again, until SIGTERM; SIGHUP: look at once. Stopping keeps the routes.
#   route-agent.sh once    one look and repair. Status 0: every wanted route is in the kernel and effective; 1: not
#   route-agent.sh ready   readiness probe: the last look found everything right; prints the problems otherwise
#   route-agent.sh live    liveness probe: the loop turns, whatever it finds
#
# Runs under BusyBox ash, dash and bash, with BusyBox ip (1.31 and later) or iproute2. Needs NET_ADMIN and one writable
# folder. Status 2: a setting is wrong.
#
# A route is ours when it is in table main, has our metric, exactly one next hop and, where ip shows it, our protocol.
# BusyBox ip never shows the protocol and ignores it in `show` and `flush` (a flush by protocol empties the table), so
# the metric is the mark. The kernel checks the protocol too: we remove by prefix, next hop, metric and protocol, all
# exact. `replace` would take over a stranger's route of the same prefix and metric: we append ours, then remove ours.

set -uf
export LC_ALL=C

# run, or cleanup: remove our routes, then idle and be ready
: "${NATPLAN_MODE:=run}"
# a JSON array of prefixes
: "${NATPLAN_ROUTES_FILE:=/etc/natplan/routes/routes}"
# the route of exactly this prefix names the gateway, unless the gateway is given
: "${NATPLAN_PRIVATE_NETWORK:=10.0.0.0/8}"
: "${NATPLAN_GATEWAY:=}"
# prefixes that no route may overlap, separated by spaces
: "${NATPLAN_PROTECTED:=}"
# the mark: a metric that no other program on the node uses, and a protocol number for people and for exact removal
: "${NATPLAN_METRIC:=17600}"
: "${NATPLAN_PROTOCOL:=176}"
# seconds between two looks
: "${NATPLAN_INTERVAL:=20}"
# a longer list is refused, and so is one of more than 64 bytes per route allowed
: "${NATPLAN_MAX_ROUTES:=4096}"
# writable, in memory
: "${NATPLAN_STATE_DIR:=/run/natplan}"
export NATPLAN_MODE NATPLAN_ROUTES_FILE NATPLAN_PRIVATE_NETWORK NATPLAN_GATEWAY NATPLAN_PROTECTED NATPLAN_METRIC \
  NATPLAN_PROTOCOL NATPLAN_INTERVAL NATPLAN_MAX_ROUTES NATPLAN_STATE_DIR

failures_per_look=100

# Reads what is and what shall be, prints what to do. Input: the node's addresses, `@ STATUS`, the routes of table main,
# `@ STATUS`, the list with one array element per line, `@ STATUS`. Output, adds before removals:
#   add PREFIX GATEWAY DEVICE [onlink] | remove PREFIX GATEWAY DEVICE | problem TEXT | fatal TEXT
#   gateway GATEWAY DEVICE | wanted COUNT | probe ADDRESS PREFIX
# An address is two halves of 16 bits: larger numbers are not safe as array keys in every awk.
# shellcheck disable=SC2016 # awk's dollars
planner='
function network(high, low, bits) {
  if (bits >= 16) return high ":" (low - low % power[32 - bits]) ":" bits
  return (high - high % power[16 - bits]) ":0:" bits
}
# Reads a canonical prefix into high, low and bits; returns what is wrong with it, or nothing.
function read_prefix(text,   part, i) {
  if (text !~ /^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+\/[0-9]+$/) return "not-a-prefix"
  split(text, part, /[.\/]/)
  for (i = 1; i <= 5; i++) {
    if (length(part[i]) > 3 || part[i] + 0 > (i < 5 ? 255 : 32)) return "not-a-prefix"
    if (part[i] ~ /^0./) return "leading-zero"
  }
  high = part[1] * 256 + part[2]; low = part[3] * 256 + part[4]; bits = part[5] + 0
  if (network(high, low, bits) != high ":" low ":" bits) return "host-bits"
  return ""
}
# The space that no route may touch on any node, and the space that this node is part of.
function protect(text, why,   name) {
  name = network(high, low, bits)
  if (!(name in static_space)) static_name[++statics] = name
  static_space[name] = why " with=" text; static_bits[bits] = 1
}
function occupy(text,   name) {
  name = network(high, low, bits)
  if (!(name in node_space)) node_name[++nodes] = name
  node_space[name] = text; node_bits[bits] = 1
}
function setting(text, name) {
  if (read_prefix(text) == "") return 1
  print "fatal setting=" name " reason=" read_prefix(text) " value=\"" clean(text) "\""
  broken = 1
  return 0
}
function clean(text) {
  gsub(/"/, "\047", text)
  gsub(/[^ -~]|\\/, "?", text)
  return substr(text, 1, 40)
}
function refuse(reason, text) {
  if (++refused <= 10) print "problem problem=list-refused reason=" reason text
}
function refuse_entry(reason, number, text) {
  refuse(reason, " entry=" number " value=\"" clean(text) "\"")
}
function problem(name, text) {
  print "problem problem=" name " " text
}

BEGIN {
  for (i = 0; i <= 32; i++) power[i] = i ? power[i - 1] * 2 : 1
  section = "addresses"
  count = split("0.0.0.0/8 127.0.0.0/8 169.254.0.0/16 224.0.0.0/4 240.0.0.0/4", special, " ")
  for (i = 1; i <= count; i++) { read_prefix(special[i]); protect(special[i], "special") }
  METRIC = ENVIRON["NATPLAN_METRIC"] + 0; PROTOCOL = ENVIRON["NATPLAN_PROTOCOL"]
  PRIVATE = ENVIRON["NATPLAN_PRIVATE_NETWORK"]; GATEWAY = ENVIRON["NATPLAN_GATEWAY"]
  MAX_ROUTES = ENVIRON["NATPLAN_MAX_ROUTES"] + 0
  count = split(ENVIRON["NATPLAN_PROTECTED"], special, " ")
  for (i = 1; i <= count; i++) if (setting(special[i], "NATPLAN_PROTECTED")) protect(special[i], "protected")
  if (GATEWAY != "") setting(GATEWAY "/32", "NATPLAN_GATEWAY")
  if (setting(PRIVATE, "NATPLAN_PRIVATE_NETWORK")) private_name = network(high, low, bits)
  if (PRIVATE == "0.0.0.0/0") { print "fatal setting=NATPLAN_PRIVATE_NETWORK reason=default-route"; broken = 1 }
  if (broken) exit
}

section != "list" && $1 == "@" {
  if ($2 != 0) unlisted = section
  section = section == "addresses" ? "routes" : "list"
  next
}

section == "addresses" {
  split($4, half, "/")
  address[half[1]] = 1
  read_prefix(half[1] "/32")
  occupy(half[1])
  next
}

section == "routes" {
  if ($0 ~ /^[ \t]/) { # one of several next hops of the route above
    for (i = 1; i < NF; i++) if ($i == "via" && prefix == "0.0.0.0/0") default_gateway[$(i + 1)] = 1
    next
  }
  i = 1; type = ""; via = ""; device = ""; protocol = ""; metric = 0; tos = 0; link = 0; flag = ""
  if ($1 !~ /\./ && $1 != "default") { type = $1; i = 2 } # blackhole, or its number
  prefix = $i == "default" ? "0.0.0.0/0" : index($i, "/") ? $i : $i "/32"
  while (i++ < NF) {
    if ($i == "via") via = $(++i)
    else if ($i == "dev") device = $(++i)
    else if ($i == "metric") metric = $(++i) + 0
    else if ($i == "proto") protocol = $(++i)
    else if ($i == "scope") link = $(++i) ~ /^(link|253)$/
    else if ($i == "tos") tos = 1
    else if ($i == "onlink") flag = "onlink"
  }
  if (tos) next # for marked packets only
  single = type == "" && device != "" && via ~ /^[0-9.]+$/
  hop = single ? via " " device : ""
  if (!(prefix in best) || metric < best_metric[prefix]) {
    best[prefix] = hop; best_metric[prefix] = metric; best_text[prefix] = $0
  }
  if (single && metric == METRIC && (protocol == "" || protocol == PROTOCOL)) {
    own_prefix[++owns] = prefix; own_hop[owns] = hop; have[prefix " " hop] = 1
    next
  }
  if (read_prefix(prefix) != "") next
  foreign[++foreigns] = prefix; foreign_hop[foreigns] = hop; foreign_text[foreigns] = $0
  if (bits == 0) { if (via != "") default_gateway[via] = 1 }
  else if (type == "" && via == "" && link) {
    occupy(prefix)
    name = network(high, low, bits)
    link_devices[name] = link_devices[name] " " device " "
  }
  if (prefix == PRIVATE && (!anchors || metric <= anchor_metric)) {
    anchors = metric == anchor_metric ? anchors + 1 : 1
    anchor_metric = metric; anchor_single = single; anchor_via = via; anchor_device = device; anchor_flag = flag
  }
  next
}

{
  size += length($0) + 1
  elements++
  if (size > MAX_ROUTES * 64 || elements > MAX_ROUTES) { refuse("too-long", ""); exit }
  if (ended) { refuse("text-after-array", ""); exit }
  entry = $0
  if (entry ~ /@ [0-9]+$/) {
    ended = 1
    if (entry !~ /@ 0$/) { refuse("unreadable", ""); exit }
    if (entry ~ /^[ \t\r]*@ 0$/ && elements == 1) { refuse("empty-file", ""); exit }
    if (!sub(/\][ \t\r]*@ 0$/, "", entry)) { refuse("not-an-array", ""); exit }
  }
  if (elements == 1 && !sub(/^[ \t\r]*\[/, "", entry)) { refuse("not-an-array", ""); exit }
  if (entry ~ /^[ \t\r]*$/) {
    if (!ended || elements > 1) refuse("stray-comma", " entry=" elements)
    next
  }
  if (entry !~ /^[ \t\r]*"[^"\\]*"[ \t\r]*$/) { refuse_entry("not-a-string", elements, entry); next }
  gsub(/^[ \t\r]*"|"[ \t\r]*$/, "", entry)
  fault = read_prefix(entry)
  if (fault != "") { refuse_entry(fault, elements, entry); next }
  if (entry in wanted) { refuse_entry("duplicate", elements, entry); next }
  wanted[entry] = network(high, low, bits)
  wanted_prefix[wanted[entry]] = entry; wanted_bits[bits] = 1
  want[++wants] = entry; want_high[wants] = high; want_low[wants] = low; want_length[wants] = bits
}

# Returns the network of a set that the wanted prefix i lies in, or nothing.
function inside(i, space, lengths,   n, name) {
  for (n in lengths) if (n + 0 <= want_length[i]) {
    name = network(want_high[i], want_low[i], n + 0)
    if (name in space) return name
  }
  return ""
}
# Marks every wanted prefix that strictly contains a network: found[prefix] = network.
function around(name, found,   part, n, outer) {
  split(name, part, ":")
  for (n in wanted_bits) if (n + 0 < part[3] + 0) {
    outer = network(part[1] + 0, part[2] + 0, n + 0)
    if (outer in wanted_prefix) found[wanted_prefix[outer]] = name
  }
}
# Returns the device that reaches an address without a gateway (this one, if it names one), or nothing.
function link_device(text, only,   n, name, device) {
  read_prefix(text "/32")
  for (n = 32; n >= 1; n--) {
    name = network(high, low, n)
    if (!(name in link_devices)) continue
    if (only != "" && !index(link_devices[name], " " only " ")) continue
    split(link_devices[name], device, " ")
    return only != "" ? only : device[1]
  }
  return ""
}
function find_gateway() {
  if (GATEWAY != "") gateway = GATEWAY
  else if (!anchors) return fail_gateway("no-private-route", "route=" PRIVATE)
  else if (anchors > 1 || !anchor_single) return fail_gateway("private-route-not-single", "route=" PRIVATE)
  else { gateway = anchor_via; device = anchor_device; flag = anchor_flag }
  if (flag == "") {
    device = link_device(gateway, device)
    if (device == "") return fail_gateway("gateway-not-on-link", "gateway=" gateway)
  }
  if (gateway in address) return fail_gateway("gateway-is-this-node", "gateway=" gateway)
  if (gateway in default_gateway && !is_private(gateway))
    return fail_gateway("gateway-is-public-default", "gateway=" gateway)
  read_prefix(gateway "/32")
  occupy(gateway)
  return 1
}
function fail_gateway(name, text) {
  problem(name, text)
  return 0
}
function is_private(text) {
  return text ~ /^10\.|^172\.(1[6-9]|2[0-9]|3[01])\.|^192\.168\.|^169\.254\./ ||
    text ~ /^100\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\./
}

END {
  if (broken) exit
  if (section != "list" || unlisted) { print "problem problem=cannot-list"; exit }
  if (!ended && !refused) refuse("cut-off", "")

  # A list is taken whole or not at all.
  for (i = 1; i <= wants; i++) {
    name = inside(i, static_space, static_bits)
    if (name != "") refuse_entry(static_space[name], i, want[i])
  }
  for (i = 1; i <= statics; i++) around(static_name[i], static_inside)
  around(private_name, private_inside)
  if (private_name in wanted_prefix) private_inside[PRIVATE] = private_name
  for (i = 1; i <= wants; i++) {
    if (want[i] in static_inside) refuse_entry(static_space[static_inside[want[i]]], i, want[i])
    if (want[i] in private_inside) refuse_entry("contains-private-network", i, want[i])
  }
  if (refused) exit

  gateway = ""; device = ""; flag = ""
  if (wants && !find_gateway()) exit

  # What collides with this node alone is held: neither added nor changed nor removed here, and reported.
  for (i = 1; i <= nodes; i++) around(node_name[i], held)
  for (i = 1; i <= wants; i++) {
    name = inside(i, node_space, node_bits)
    if (name != "") held[want[i]] = name
    if (want[i] in held) { problem("overlaps-node", "route=" want[i] " with=" node_space[held[want[i]]]); continue }
    free[frees++] = i
    if (!(want[i] " " gateway " " device in have)) print "add", want[i], gateway, device, flag
  }
  for (i = 1; i <= owns; i++) {
    if (own_prefix[i] in held || own_prefix[i] in wanted && own_hop[i] == gateway " " device) continue
    split(own_hop[i], part, " ")
    print "remove", own_prefix[i], part[1], part[2]
  }

  # A route is effective when nothing more preferred or more specific takes its packets elsewhere.
  for (i = 0; i < frees; i++) {
    prefix = want[free[i]]
    if (prefix in best && best[prefix] != gateway " " device)
      problem("shadowed", "route=" prefix " by=\"" squeeze(best_text[prefix]) "\"")
  }
  for (i = 1; i <= foreigns; i++) if (foreign_hop[i] != gateway " " device && !(foreign[i] in wanted)) {
    read_prefix(foreign[i])
    for (n = bits - 1; n >= 1; n--) if (n in wanted_bits) {
      name = network(high, low, n)
      if (!(name in wanted_prefix)) continue
      if (!(wanted_prefix[name] in held))
        problem("partly-shadowed", "route=" wanted_prefix[name] " by=\"" squeeze(foreign_text[i]) "\"")
      break
    }
  }

  print "gateway", gateway, device
  print "wanted", wants + 0
  if (frees) {
    i = free[ENVIRON["TURN"] % frees]; high = want_high[i]; low = want_low[i] + (want_length[i] < 31)
    print "probe", int(high / 256) "." high % 256 "." int(low / 256) "." low % 256, want[i]
  }
}
function squeeze(text) {
  gsub(/["\\]/, "?", text); gsub(/[ \t]+/, " ", text); sub(/ $/, "", text)
  return text
}
'

# Prints the problems that are new and those that are gone.
# shellcheck disable=SC2016 # awk's dollars
compare='
BEGIN {
  while ((getline line < OLD) > 0) old[line] = 1
  while ((getline line < NEW) > 0) { new[line] = 1; if (!(line in old)) print "level=warn event=problem " line }
  close(OLD)
  while ((getline line < OLD) > 0) if (!(line in new)) print "level=info event=resolved " line
}'

log() { printf '%s\n' "$*"; }

fail() {
  printf 'level=error event=fatal %s\n' "$*" >&2
  exit 2
}

note_problem() { printf '%s\n' "$*" >>"$work/problems.new"; }

# The first line of what a command wrote to standard error, safe between double quotes.
last_error() {
  why=
  read -r why <"$work/error" || :
  why=${why%%\"*}
  printf '%s' "${why%%\\*}"
}

uptime_seconds() {
  read -r now _ </proc/uptime
  now=${now%%.*}
}

# Says that the loop turns: one line of fixed width over the old one in one write, so that a probe never sees half.
beat() {
  uptime_seconds
  printf '%-12s %-12s %-9s\n' "$now" "$looks" "$state" 1<>"$work/state"
}

check_settings() {
  value=
  for name in METRIC PROTOCOL INTERVAL MAX_ROUTES; do
    eval "value=\$NATPLAN_$name"
    case $value in
    '' | *[!0-9]* | 0* | ??????????*) fail "setting=NATPLAN_$name reason=not-a-number" ;;
    esac
  done
  # Below are the metrics of people, DHCP clients and NetworkManager: a mark there would not be distinctive.
  [ "$NATPLAN_METRIC" -ge 4096 ] || fail 'setting=NATPLAN_METRIC reason=below-4096'
  # The kernel, administrators, DHCP clients and routing daemons have these, and flush them.
  case $NATPLAN_PROTOCOL in
  [0-9] | 1[0-8] | 42 | 80 | 84 | 99 | 18[6-9] | 19[0-8]) fail 'setting=NATPLAN_PROTOCOL reason=taken' ;;
  esac
  [ "$NATPLAN_PROTOCOL" -le 255 ] || fail 'setting=NATPLAN_PROTOCOL reason=above-255'
  [ "$NATPLAN_INTERVAL" -le 3600 ] || fail 'setting=NATPLAN_INTERVAL reason=above-3600'
  [ "$NATPLAN_MAX_ROUTES" -le 16384 ] || fail 'setting=NATPLAN_MAX_ROUTES reason=above-16384'
  case $NATPLAN_MODE in run | cleanup) ;; *) fail 'setting=NATPLAN_MODE reason=unknown' ;; esac
}

# Looks at the node and the list; sets actions, gateway, device, wanted and target, and leaves the plan in $work/plan.
survey() {
  actions=0 gateway='' device='' wanted=0 target='' target_prefix=''
  : >"$work/problems.new"
  {
    ip -o -4 addr show
    echo "@ $?"
    ip ${numeric:+-N} -4 route show table main
    echo "@ $?"
    # Whitespace stays whitespace, a comma ends a line, and a NUL, which some awk would take for the end, is not JSON.
    case $NATPLAN_MODE in
    run) tr '\n,\000' ' \n\001' <"$NATPLAN_ROUTES_FILE" ;;
    *) printf '[]' ;;
    esac
    echo "@ $?"
  } 2>"$work/error" | TURN=$turn awk "$planner" >"$work/plan" || {
    note_problem 'problem=planner-failed'
    return 1
  }
  while read -r verb rest; do
    case $verb in
    add | remove) actions=$((actions + 1)) ;;
    problem)
      case $rest in *reason=unreadable | *=cannot-list) rest="$rest error=\"$(last_error)\"" ;; esac
      note_problem "$rest"
      ;;
    gateway) gateway=${rest% *} device=${rest##* } ;;
    wanted) wanted=$rest ;;
    probe) target=${rest% *} target_prefix=${rest##* } ;;
    fatal) fail "$rest" ;;
    esac
  done <"$work/plan"
}

# Does what the plan says: adds first, and removes the old route of a prefix only when its new one is in the kernel.
apply() {
  failures=0 failed=' '
  : >"$work/failures"
  while read -r verb prefix via dev flag; do
    case $verb in
    add)
      # shellcheck disable=SC2086 # the flag is one word or none
      ip -4 route append "$prefix" via "$via" dev "$dev" $flag proto "$NATPLAN_PROTOCOL" metric "$NATPLAN_METRIC" \
        2>"$work/error"
      ;;
    remove)
      case $failed in *" $prefix "*) continue ;; esac
      ip -4 route del "$prefix" via "$via" dev "$dev" proto "$NATPLAN_PROTOCOL" metric "$NATPLAN_METRIC" \
        2>"$work/error"
      ;;
    *) continue ;;
    esac
    # shellcheck disable=SC2181 # the status of whichever command ran
    if [ $? -eq 0 ]; then
      case $verb in add) verb=added ;; *) verb=removed ;; esac
      log "level=info event=$verb route=$prefix gateway=$via dev=$dev"
    else
      failed="$failed$prefix "
      printf 'problem=failed action=%s route=%s gateway=%s dev=%s error="%s"\n' \
        "$verb" "$prefix" "$via" "$dev" "$(last_error)" >>"$work/failures"
      failures=$((failures + 1))
      [ "$failures" -lt "$failures_per_look" ] || return
    fi
    beat
  done <"$work/plan"
}

# Asks the kernel itself about one wanted route, another one each time: rules and other tables count for it as well.
# A route that fails is asked about until it does not.
probe() {
  [ -n "$target" ] || return 0
  ip -4 route get "$target" >"$work/answer" 2>"$work/error" || :
  answer=
  read -r answer <"$work/answer" || :
  case " $answer " in
  *" via $gateway dev $device "*) turn=$((turn + 1)) ;;
  *) note_problem "problem=ineffective route=$target_prefix answer=\"${answer%% src *}\"" ;;
  esac
}

# Logs what is new or gone among the problems; at rest there are none and no process runs.
settle() {
  [ -s "$work/problems" ] || [ -s "$work/problems.new" ] || return 0
  awk -v "OLD=$work/problems" -v "NEW=$work/problems.new" "$compare"
  mv "$work/problems.new" "$work/problems"
}

# One look: repair what differs, look again, and say whether everything is right.
look() {
  verdict=ready
  if survey && [ "$actions" -gt 0 ]; then
    apply
    survey || :
    if [ "$actions" -gt 0 ]; then
      if [ -s "$work/failures" ]; then
        while read -r line; do note_problem "$line"; done <"$work/failures"
      else
        note_problem "problem=unsettled"
      fi
    fi
  fi
  [ -s "$work/problems.new" ] || probe
  [ ! -s "$work/problems.new" ] || verdict=not-ready
  settle
  if [ "$state" != "$verdict" ]; then
    state=$verdict
    case $state in
    ready) log "level=info event=ready routes=$wanted${gateway:+ gateway=$gateway dev=$device}" ;;
    *) log 'level=warn event=not-ready' ;;
    esac
  fi
  looks=$((looks + 1))
  beat
}

prepare() {
  check_settings
  work=$1 looks=0 turn=0 state=starting numeric=
  mkdir -p "$work" || fail "setting=NATPLAN_STATE_DIR reason=not-writable"
  : >"$work/state" || fail "setting=NATPLAN_STATE_DIR reason=not-writable"
  : >"$work/problems"
  beat
  # iproute2 can print protocols as numbers whatever names the image gives them; BusyBox has neither names nor -N.
  if ip -N -4 route show table main >/dev/null 2>&1; then numeric=1; fi
}

stop() {
  [ -z "$sleeper" ] || kill "$sleeper" 2>/dev/null
  log 'level=info event=stopped routes=kept'
  exit 0
}

hurry() {
  woken=1
  [ -z "$sleeper" ] || kill "$sleeper" 2>/dev/null
}

run() {
  sleeper='' woken=
  trap stop TERM INT
  trap hurry HUP
  prepare "$NATPLAN_STATE_DIR"
  log "level=info event=started mode=$NATPLAN_MODE private-network=$NATPLAN_PRIVATE_NETWORK" \
    "metric=$NATPLAN_METRIC protocol=$NATPLAN_PROTOCOL interval=$NATPLAN_INTERVAL"
  while :; do
    woken=
    look
    # A shell hears a signal while it waits, not while a foreground sleep runs.
    sleep "$NATPLAN_INTERVAL" &
    sleeper=$!
    [ -n "$woken" ] || wait "$sleeper"
    [ -z "$woken" ] || kill "$sleeper" 2>/dev/null
    sleeper=
  done
}

# In a folder of its own: the loop may be at work, and the probes read what the loop wrote.
once() {
  trap 'rm -rf "$NATPLAN_STATE_DIR/once.$$"' EXIT
  prepare "$NATPLAN_STATE_DIR/once.$$"
  look
  [ "$state" = ready ]
}

# Reads the state that the loop left and reports whether it is young enough for a loop that turns.
turning() {
  last='' state=starting
  [ -r "$NATPLAN_STATE_DIR/state" ] && read -r last _ state <"$NATPLAN_STATE_DIR/state"
  uptime_seconds
  [ -n "$last" ] && [ "$now" -ge "$last" ] && [ $((now - last)) -le $((3 * NATPLAN_INTERVAL + 60)) ]
}

live() {
  turning || {
    echo 'the loop has stopped turning'
    return 1
  }
}

ready() {
  live || return 1
  [ "$state" != ready ] || return 0
  echo "$state"
  lines=0
  while [ "$lines" -lt 5 ] && read -r line; do
    echo "$line"
    lines=$((lines + 1))
  done <"$NATPLAN_STATE_DIR/problems"
  return 1
}

case ${1:-run} in
run | once | live | ready) "${1:-run}" ;;
*) fail "command=unknown use=run,once,ready,live" ;;
esac
