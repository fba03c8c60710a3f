;; Finds the end of a JSON value that nests, or of a string, sixteen bytes at a time where it can. A text may come in pieces: what
;; is known at the end of one is kept for the next. scan-value.ts holds this code in the form in which it runs.
(module
  ;; 256 bytes that say what each byte does outside strings (the effects of scan-value.ts), then the piece.
  (memory (export "memory") 2)
  (global $piece i32 (i32.const 256))

  ;; Brackets and braces that are open.
  (global $depth (mut i32) (i32.const 0))
  ;; 1 within a string.
  (global $inString (mut i32) (i32.const 0))
  ;; 1 where the first byte of the next piece is escaped.
  (global $escaped (mut i32) (i32.const 0))

  ;; Begins a value: 1 where its opening quote has been read already, 0 where its first bracket is yet to come.
  (func (export "begin") (param $inString i32)
    (global.set $depth (i32.const 0))
    (global.set $inString (local.get $inString))
    (global.set $escaped (i32.const 0)))

  ;; Reads a piece of so many bytes. Answers where in it the value has ended, -1 where it has not, -2 where it can't go on.
  (func (export "scan") (param $length i32) (result i32)
    (local $at i32)
    (local $end i32)
    (local $effect i32)
    ;; Behind a backslash that ended the piece before, a byte is passed over.
    (local.set $at (i32.add (global.get $piece) (global.get $escaped)))
    (local.set $end (i32.add (global.get $piece) (local.get $length)))
    (global.set $escaped (i32.const 0))
    (loop $next
      (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (i32.const -1))))
      (if (global.get $inString)
        (then
          (local.set $at (call $special (local.get $at) (local.get $end)))
          (br_if $next (i32.ge_u (local.get $at) (local.get $end)))
          (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x5c)) ;; backslash
            (then
              (local.set $at (i32.add (local.get $at) (i32.const 2)))
              (global.set $escaped (i32.gt_u (local.get $at) (local.get $end)))
              (br $next)))
          (global.set $inString (i32.const 0))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br_if $next (global.get $depth))
          (return (i32.sub (local.get $at) (global.get $piece)))))
      (local.set $effect (i32.load8_u (i32.load8_u (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $next (i32.eq (local.get $effect) (i32.const 1))) ;; plain
      (if (i32.eq (local.get $effect) (i32.const 4)) ;; starts a string
        (then
          (global.set $inString (i32.const 1))
          (br $next)))
      (if (i32.eq (local.get $effect) (i32.const 2)) ;; opens
        (then
          (global.set $depth (i32.add (global.get $depth) (i32.const 1)))
          (br $next)))
      (if (i32.ne (local.get $effect) (i32.const 3)) (then (return (i32.const -2)))) ;; illegal
      (global.set $depth (i32.sub (global.get $depth) (i32.const 1))) ;; closes
      (br_if $next (global.get $depth))
      (return (i32.sub (local.get $at) (global.get $piece))))
    (unreachable))

  ;; Where the next quote or backslash stands from a place on; the end, where there is none.
  (func $special (param $at i32) (param $end i32) (result i32)
    (local $bytes v128)
    (local $found i32)
    (local $byte i32)
    (block $few
      (loop $sixteen
        (br_if $few (i32.gt_u (i32.add (local.get $at) (i32.const 16)) (local.get $end)))
        (local.set $bytes (v128.load (local.get $at)))
        (local.set $found
          (i8x16.bitmask
            (v128.or
              (i8x16.eq (local.get $bytes) (v128.const i32x4 0x22222222 0x22222222 0x22222222 0x22222222))
              (i8x16.eq (local.get $bytes) (v128.const i32x4 0x5c5c5c5c 0x5c5c5c5c 0x5c5c5c5c 0x5c5c5c5c)))))
        (if (local.get $found)
          (then (return (i32.add (local.get $at) (i32.ctz (local.get $found))))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $sixteen)))
    (loop $one
      (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (local.get $end))))
      (local.set $byte (i32.load8_u (local.get $at)))
      (if (i32.or (i32.eq (local.get $byte) (i32.const 0x22)) (i32.eq (local.get $byte) (i32.const 0x5c)))
        (then (return (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br $one))
    (unreachable)))
