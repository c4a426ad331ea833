// The same question to ipnet: parse, sort, one sweep with a stack.
use ipnet::Ipv4Net;
use std::time::Instant;

struct Open {
    last: u32,
    row: usize,
    side: u8,
    inner: u8,
    around: u8,
}

fn close(open: &mut Vec<Open>, flags: &mut [bool]) {
    if let Some(top) = open.pop() {
        flags[top.row] = (top.inner | top.around) & !top.side != 0;
        if let Some(outer) = open.last_mut() {
            outer.inner |= top.inner | top.side;
        }
    }
}

fn main() {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    let texts: Vec<String> = paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
    let start = Instant::now();
    let mut all: Vec<(Ipv4Net, usize)> = Vec::new();
    let mut left = 0;
    for (side, text) in texts.iter().enumerate() {
        for line in text.lines() {
            all.push((line.parse().unwrap(), all.len()));
        }
        if side == 0 {
            left = all.len();
        }
    }
    all.sort_unstable_by_key(|(net, row)| (u32::from(net.network()), net.prefix_len(), *row));
    let mut flags = vec![false; all.len()];
    let mut open: Vec<Open> = Vec::new();
    for (net, row) in &all {
        let first = u32::from(net.network());
        while open.last().is_some_and(|top| top.last < first) {
            close(&mut open, &mut flags);
        }
        let around = open.last().map_or(0, |top| top.around | top.side);
        let side = if *row < left { 1 } else { 2 };
        open.push(Open { last: u32::from(net.broadcast()), row: *row, side, inner: 0, around });
    }
    while !open.is_empty() {
        close(&mut open, &mut flags);
    }
    let count = |flags: &[bool]| flags.iter().filter(|flag| **flag).count();
    println!("{} {} {:.1}", count(&flags[..left]), count(&flags[left..]), start.elapsed().as_secs_f64() * 1000.0);
}
