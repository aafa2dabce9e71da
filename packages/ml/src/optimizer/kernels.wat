;; The training step outside the graph, on ranges of 32-bit floats; the last few elements of a range take the scalar path.
;; All pointers are byte offsets into the imported memory; nothing is required of their alignment.
;; After a change: node scripts/compile-kernels.mjs, which writes kernels.wasm.ts.
(module
  (import "store" "memory" (memory 0))

  ;; One AdamW update of `count` elements, each rounding where torch/optim/adam.py (_single_tensor_adam with
  ;; decoupled_weight_decay) has one:
  ;;   g  = gradient · clip
  ;;   p  = p · decay
  ;;   m  = m + meanRate · (g − m)                                lerp_
  ;;   s  = s · squareDecay + (squareRate · g) · g                mul_, addcmul_
  ;;   p  = p + (−stepSize · m) / (√s / correction + epsilon)     addcdiv_
  ;; The gradient is set to zero on the way, while its cache line is at hand.
  (func (export "adamw")
    (param $value i32) (param $gradient i32) (param $mean i32) (param $square i32) (param $count i32)
    (param $clip f32) (param $decay f32) (param $meanRate f32) (param $squareDecay f32) (param $squareRate f32)
    (param $minusStepSize f32) (param $correction f32) (param $epsilon f32)
    (local $clip4 v128) (local $decay4 v128) (local $meanRate4 v128) (local $squareDecay4 v128)
    (local $squareRate4 v128) (local $minusStepSize4 v128) (local $correction4 v128) (local $epsilon4 v128)
    (local $zero4 v128) (local $g4 v128) (local $m4 v128) (local $s4 v128)
    (local $g f32) (local $m f32) (local $s f32)
    (local.set $clip4 (f32x4.splat (local.get $clip)))
    (local.set $decay4 (f32x4.splat (local.get $decay)))
    (local.set $meanRate4 (f32x4.splat (local.get $meanRate)))
    (local.set $squareDecay4 (f32x4.splat (local.get $squareDecay)))
    (local.set $squareRate4 (f32x4.splat (local.get $squareRate)))
    (local.set $minusStepSize4 (f32x4.splat (local.get $minusStepSize)))
    (local.set $correction4 (f32x4.splat (local.get $correction)))
    (local.set $epsilon4 (f32x4.splat (local.get $epsilon)))
    (block $vectors_done
      (loop $vectors
        (br_if $vectors_done (i32.lt_u (local.get $count) (i32.const 4)))
        (local.set $g4 (f32x4.mul (v128.load (local.get $gradient)) (local.get $clip4)))
        (v128.store (local.get $gradient) (local.get $zero4))
        (local.set $m4 (v128.load (local.get $mean)))
        (local.set $m4
          (f32x4.add
            (local.get $m4)
            (f32x4.mul (local.get $meanRate4) (f32x4.sub (local.get $g4) (local.get $m4)))))
        (v128.store (local.get $mean) (local.get $m4))
        (local.set $s4
          (f32x4.add
            (f32x4.mul (v128.load (local.get $square)) (local.get $squareDecay4))
            (f32x4.mul (f32x4.mul (local.get $squareRate4) (local.get $g4)) (local.get $g4))))
        (v128.store (local.get $square) (local.get $s4))
        (v128.store
          (local.get $value)
          (f32x4.add
            (f32x4.mul (v128.load (local.get $value)) (local.get $decay4))
            (f32x4.div
              (f32x4.mul (local.get $minusStepSize4) (local.get $m4))
              (f32x4.add
                (f32x4.div (f32x4.sqrt (local.get $s4)) (local.get $correction4))
                (local.get $epsilon4)))))
        (local.set $value (i32.add (local.get $value) (i32.const 16)))
        (local.set $gradient (i32.add (local.get $gradient) (i32.const 16)))
        (local.set $mean (i32.add (local.get $mean) (i32.const 16)))
        (local.set $square (i32.add (local.get $square) (i32.const 16)))
        (local.set $count (i32.sub (local.get $count) (i32.const 4)))
        (br $vectors)))
    (block $done
      (loop $rest
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $g (f32.mul (f32.load (local.get $gradient)) (local.get $clip)))
        (f32.store (local.get $gradient) (f32.const 0))
        (local.set $m (f32.load (local.get $mean)))
        (local.set $m
          (f32.add (local.get $m) (f32.mul (local.get $meanRate) (f32.sub (local.get $g) (local.get $m)))))
        (f32.store (local.get $mean) (local.get $m))
        (local.set $s
          (f32.add
            (f32.mul (f32.load (local.get $square)) (local.get $squareDecay))
            (f32.mul (f32.mul (local.get $squareRate) (local.get $g)) (local.get $g))))
        (f32.store (local.get $square) (local.get $s))
        (f32.store
          (local.get $value)
          (f32.add
            (f32.mul (f32.load (local.get $value)) (local.get $decay))
            (f32.div
              (f32.mul (local.get $minusStepSize) (local.get $m))
              (f32.add (f32.div (f32.sqrt (local.get $s)) (local.get $correction)) (local.get $epsilon)))))
        (local.set $value (i32.add (local.get $value) (i32.const 4)))
        (local.set $gradient (i32.add (local.get $gradient) (i32.const 4)))
        (local.set $mean (i32.add (local.get $mean) (i32.const 4)))
        (local.set $square (i32.add (local.get $square) (i32.const 4)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $rest))))

  ;; Σ x², in 64-bit floats: eight running sums, added in a fixed order. Not finite if any element isn't.
  (func (export "sumOfSquares") (param $at i32) (param $count i32) (result f64)
    (local $x v128) (local $sum0 v128) (local $sum1 v128) (local $sum2 v128) (local $sum3 v128)
    (local $part v128) (local $total f64) (local $last f64)
    (block $vectors_done
      (loop $vectors
        (br_if $vectors_done (i32.lt_u (local.get $count) (i32.const 8)))
        (local.set $x (v128.load (local.get $at)))
        (local.set $part (f64x2.promote_low_f32x4 (local.get $x)))
        (local.set $sum0 (f64x2.add (local.get $sum0) (f64x2.mul (local.get $part) (local.get $part))))
        (local.set $part
          (f64x2.promote_low_f32x4
            (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $x) (local.get $x))))
        (local.set $sum1 (f64x2.add (local.get $sum1) (f64x2.mul (local.get $part) (local.get $part))))
        (local.set $x (v128.load offset=16 (local.get $at)))
        (local.set $part (f64x2.promote_low_f32x4 (local.get $x)))
        (local.set $sum2 (f64x2.add (local.get $sum2) (f64x2.mul (local.get $part) (local.get $part))))
        (local.set $part
          (f64x2.promote_low_f32x4
            (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $x) (local.get $x))))
        (local.set $sum3 (f64x2.add (local.get $sum3) (f64x2.mul (local.get $part) (local.get $part))))
        (local.set $at (i32.add (local.get $at) (i32.const 32)))
        (local.set $count (i32.sub (local.get $count) (i32.const 8)))
        (br $vectors)))
    (local.set $part
      (f64x2.add
        (f64x2.add (local.get $sum0) (local.get $sum1))
        (f64x2.add (local.get $sum2) (local.get $sum3))))
    (local.set $total
      (f64.add (f64x2.extract_lane 0 (local.get $part)) (f64x2.extract_lane 1 (local.get $part))))
    (block $done
      (loop $rest
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $last (f64.promote_f32 (f32.load (local.get $at))))
        (local.set $total (f64.add (local.get $total) (f64.mul (local.get $last) (local.get $last))))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $rest)))
    (local.get $total))

  ;; target += source
  (func (export "add") (param $target i32) (param $source i32) (param $count i32)
    (block $vectors_done
      (loop $vectors
        (br_if $vectors_done (i32.lt_u (local.get $count) (i32.const 4)))
        (v128.store
          (local.get $target)
          (f32x4.add (v128.load (local.get $target)) (v128.load (local.get $source))))
        (local.set $target (i32.add (local.get $target) (i32.const 16)))
        (local.set $source (i32.add (local.get $source) (i32.const 16)))
        (local.set $count (i32.sub (local.get $count) (i32.const 4)))
        (br $vectors)))
    (block $done
      (loop $rest
        (br_if $done (i32.eqz (local.get $count)))
        (f32.store
          (local.get $target)
          (f32.add (f32.load (local.get $target)) (f32.load (local.get $source))))
        (local.set $target (i32.add (local.get $target) (i32.const 4)))
        (local.set $source (i32.add (local.get $source) (i32.const 4)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $rest))))

  ;; Multiplies every element by each of the factors, one after the other, with a rounding each: the decay of several steps
  ;; at once. Thirty-two elements stay in registers while the factors go by.
  (func (export "multiplyBySeries") (param $at i32) (param $count i32) (param $factors i32) (param $factorCount i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local $e v128) (local $f v128) (local $g v128) (local $h v128)
    (local $factor v128) (local $next i32) (local $end i32) (local $x f32)
    (local.set $end (i32.add (local.get $factors) (i32.shl (local.get $factorCount) (i32.const 2))))
    (block $vectors_done
      (loop $vectors
        (br_if $vectors_done (i32.lt_u (local.get $count) (i32.const 32)))
        (local.set $a (v128.load (local.get $at)))
        (local.set $b (v128.load offset=16 (local.get $at)))
        (local.set $c (v128.load offset=32 (local.get $at)))
        (local.set $d (v128.load offset=48 (local.get $at)))
        (local.set $e (v128.load offset=64 (local.get $at)))
        (local.set $f (v128.load offset=80 (local.get $at)))
        (local.set $g (v128.load offset=96 (local.get $at)))
        (local.set $h (v128.load offset=112 (local.get $at)))
        (local.set $next (local.get $factors))
        (block $factors_done
          (loop $each
            (br_if $factors_done (i32.eq (local.get $next) (local.get $end)))
            (local.set $factor (v128.load32_splat (local.get $next)))
            (local.set $a (f32x4.mul (local.get $a) (local.get $factor)))
            (local.set $b (f32x4.mul (local.get $b) (local.get $factor)))
            (local.set $c (f32x4.mul (local.get $c) (local.get $factor)))
            (local.set $d (f32x4.mul (local.get $d) (local.get $factor)))
            (local.set $e (f32x4.mul (local.get $e) (local.get $factor)))
            (local.set $f (f32x4.mul (local.get $f) (local.get $factor)))
            (local.set $g (f32x4.mul (local.get $g) (local.get $factor)))
            (local.set $h (f32x4.mul (local.get $h) (local.get $factor)))
            (local.set $next (i32.add (local.get $next) (i32.const 4)))
            (br $each)))
        (v128.store (local.get $at) (local.get $a))
        (v128.store offset=16 (local.get $at) (local.get $b))
        (v128.store offset=32 (local.get $at) (local.get $c))
        (v128.store offset=48 (local.get $at) (local.get $d))
        (v128.store offset=64 (local.get $at) (local.get $e))
        (v128.store offset=80 (local.get $at) (local.get $f))
        (v128.store offset=96 (local.get $at) (local.get $g))
        (v128.store offset=112 (local.get $at) (local.get $h))
        (local.set $at (i32.add (local.get $at) (i32.const 128)))
        (local.set $count (i32.sub (local.get $count) (i32.const 32)))
        (br $vectors)))
    (block $done
      (loop $rest
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $x (f32.load (local.get $at)))
        (local.set $next (local.get $factors))
        (block $factors_done
          (loop $each
            (br_if $factors_done (i32.eq (local.get $next) (local.get $end)))
            (local.set $x (f32.mul (local.get $x) (f32.load (local.get $next))))
            (local.set $next (i32.add (local.get $next) (i32.const 4)))
            (br $each)))
        (f32.store (local.get $at) (local.get $x))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $rest)))))
